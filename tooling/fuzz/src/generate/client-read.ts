import { modelOf, type ModelInfo, type SchemaInfo } from '../schema/metadata.ts';
import { relationsInFocus, type Draft, type Generator, type Operation } from './context.ts';
import { read } from './read.ts';
import { relatedArgs } from './selection.ts';
import { liveRow, whereUnique } from './where.ts';

/** A read as an application writes it: an operation, perhaps with a relation chained on it. */
export interface ClientRead {
  readonly operation: Operation;
  /** `findUnique(…).posts(args)` */
  readonly fluent?: { readonly relation: string; readonly args: unknown };
}

export function clientRead(generator: Generator): ClientRead {
  const { random, focus } = generator;
  const related = focus.filter((model) => relationsInFocus(generator, model).length > 0);
  if (related.length === 0 || !random.chance(0.12)) return { operation: read(generator) };
  return fluentRead(generator, random.pick(related));
}

function fluentRead(generator: Generator, model: ModelInfo): ClientRead {
  const { random } = generator;
  const relation = random.pick(relationsInFocus(generator, model));
  const where = whereUnique(generator, model, { filters: 0.1, row: liveRow(generator, model) });
  const args = relatedArgs(generator, relation, 1);
  const action = random.chance(0.8) ? 'findUnique' : 'findUniqueOrThrow';
  return {
    operation: { model: model.name, action, args: { where } },
    fluent: { relation: relation.name, args: args === true ? {} : args },
  };
}

/** What the read's result is a result of, for comparing: of a fluent call, what it ends with. */
export function resultOperation(schema: SchemaInfo, { operation, fluent }: ClientRead): Operation {
  if (fluent === undefined) return operation;
  const model = modelOf(schema, operation.model);
  const relation = model.relations.find(({ name }) => name === fluent.relation);
  const target = relation?.target ?? operation.model;
  return {
    model: target,
    action: relation?.list === true ? 'findMany' : 'findUnique',
    args: fluent.args as Draft,
  };
}

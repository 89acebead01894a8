import type { Row } from '../schema/client.ts';
import { inverseOf, modelOf, type ModelInfo, type RelationInfo } from '../schema/metadata.ts';
import { relationsInFocus, type Draft, type Generator, type Operation } from './context.ts';
import { updateData } from './data.ts';
import { liveRow, whereUnique } from './where.ts';

/**
 * A row moves under another parent, and then a write reaches it through that parent without naming it. What is stored of the row
 * since before has to go with one of the two. Empty where there are no such rows.
 */
export function moveAndReach(generator: Generator): readonly Operation[] {
  const { random, schema, focus } = generator;
  const moves = focus.flatMap((model) =>
    relationsInFocus(generator, model)
      .filter(({ side }) => side === 'key')
      .map((relation) => ({ model, relation })),
  );
  if (moves.length === 0) return [];
  const { model, relation } = random.pick(moves);
  const target = modelOf(schema, relation.target);
  const row = liveRow(generator, model);
  const parent = liveRow(generator, target);
  const key = parent === undefined ? undefined : keyOf(relation, parent);
  if (row === undefined || parent === undefined || key === undefined) return [];
  const where = whereUnique(generator, model, { filters: 0, row });
  return [
    { model: model.name, action: 'update', args: { where, data: key } },
    reach(generator, model, relation, parent),
  ];
}

/** One writer changes a row through the key of another, while a second one moves that other row elsewhere. */
export function throughMovedKey(
  generator: Generator,
): { readonly operation: Operation; readonly other: Operation } | undefined {
  const { random, schema, focus } = generator;
  const keys = focus.flatMap((model) =>
    relationsInFocus(generator, model)
      .filter(({ side }) => side === 'key')
      .map((relation) => ({ model, relation })),
  );
  if (keys.length === 0) return undefined;
  const { model, relation } = random.pick(keys);
  const target = modelOf(schema, relation.target);
  const row = liveRow(generator, model);
  const elsewhere = liveRow(generator, target);
  const key = elsewhere === undefined ? undefined : keyOf(relation, elsewhere);
  if (row === undefined || key === undefined) return undefined;
  const where = whereUnique(generator, model, { filters: 0, row });
  const data = updateData(generator, target, { depth: 0, without: inverseOf(schema, relation) });
  const update = (args: Draft): Operation => ({ model: model.name, action: 'update', args });
  return {
    operation: update({ where, data: { [relation.name]: { update: data } } }),
    other: update({ where, data: key }),
  };
}

/** The foreign key that leads to the row. */
function keyOf({ from, to }: RelationInfo, parent: Row): Draft | undefined {
  const values = to.map((name) => parent[name] ?? undefined);
  if (values.includes(undefined)) return undefined;
  return Object.fromEntries(from.map((name, index) => [name, values[index]]));
}

function reach(
  generator: Generator,
  model: ModelInfo,
  relation: RelationInfo,
  parent: Row,
): Operation {
  const { random, schema } = generator;
  const where = whereUnique(generator, modelOf(schema, relation.target), {
    filters: 0,
    row: parent,
  });
  const inverse = inverseOf(schema, relation);
  const data = updateData(generator, model, { depth: 0, without: relation });
  const many: readonly Draft[] = [{ updateMany: { where: {}, data } }, { deleteMany: {} }];
  const one: readonly Draft[] = [{ update: data }];
  if (random.chance(0.5)) return { model: relation.target, action: 'delete', args: { where } };
  return {
    model: relation.target,
    action: 'update',
    args: { where, data: { [inverse.name]: random.pick(inverse.list ? many : one) } },
  };
}

import type { Random } from '../random.ts';
import type { FieldInfo, ModelInfo, RelationInfo, SchemaInfo } from '../schema/metadata.ts';
import type { Row } from '../schema/client.ts';
import { modelOf } from '../schema/metadata.ts';

/** What every generator works from. */
export interface Generator {
  readonly random: Random;
  readonly schema: SchemaInfo;
  /** The models that operations are about: few, so that reads and writes meet. */
  readonly focus: readonly ModelInfo[];
  /** `prisma.post.fields.likes` */
  reference(field: FieldInfo): unknown;
  /** The rows that the model has now, without values that a replay would not give again (random keys, the time). */
  rows(model: string): readonly Row[];
  /** The rows that a relation leads to from a row, in the same way. */
  related(relation: RelationInfo, row: Row): readonly Row[];
}

/** The values that rows have in a field now. */
export function liveValues(generator: Generator, field: FieldInfo): readonly unknown[] {
  return generator
    .rows(field.model)
    .map((row) => row[field.name])
    .filter((value) => value !== undefined && value !== null && !Array.isArray(value));
}

/** An operation as Prisma's client takes it. */
export interface Operation {
  readonly model: string;
  readonly action: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Arguments under construction. */
export type Draft = Record<string, unknown>;

/** The relations of a model whose other side is in focus. */
export function relationsInFocus({ focus }: Generator, model: ModelInfo): readonly RelationInfo[] {
  return model.relations.filter(({ target }) => focus.some(({ name }) => name === target));
}

/**
 * Some models that belong together: one and its neighbours, with everything that their rows cannot be without.
 *
 * @param size - about how many models
 */
export function chooseFocus(random: Random, schema: SchemaInfo, size: number): ModelInfo[] {
  const chosen = new Set<string>();
  const add = (name: string): void => {
    if (chosen.has(name)) return;
    const model = schema.models.get(name);
    if (model === undefined) return;
    chosen.add(name);
    for (const relation of model.relations) {
      if (relation.side === 'key' && relation.required) add(relation.target);
    }
  };
  add(random.pick([...schema.models.keys()]));
  while (chosen.size < size) {
    const neighbours = [...chosen]
      .flatMap((name) => modelOf(schema, name).relations.map(({ target }) => target))
      .filter((name) => !chosen.has(name));
    if (neighbours.length === 0) break;
    add(random.pick(neighbours));
  }
  return [...schema.models.values()].filter(({ name }) => chosen.has(name));
}

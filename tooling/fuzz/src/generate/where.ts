import type { Row } from '../schema/client.ts';
import type { ModelInfo, RelationInfo, UniqueInfo } from '../schema/metadata.ts';
import { fieldOf, modelOf } from '../schema/metadata.ts';
import { relationsInFocus, type Draft, type Generator } from './context.ts';
import { fieldFilter } from './filter.ts';
import { element, value } from './value.ts';

export interface WhereOptions {
  /** How deep relation filters and `AND`, `OR`, `NOT` may nest. @defaultValue 2 */
  readonly depth?: number;
  /** False where Prisma takes scalar filters alone (nested `updateMany` and `deleteMany`). @defaultValue true */
  readonly relations?: boolean;
}

/** A filter of the model's rows: some conditions, now and then none. */
export function where(generator: Generator, model: ModelInfo, options: WhereOptions = {}): Draft {
  const { random } = generator;
  const filter: Draft = {};
  const conditions = random.pick([0, 1, 1, 1, 1, 1, 2, 2, 3]);
  for (let i = 0; i < conditions; i++) addCondition(generator, model, filter, options);
  return filter;
}

function addCondition(
  generator: Generator,
  model: ModelInfo,
  filter: Draft,
  options: WhereOptions,
): void {
  const { random } = generator;
  const { depth = 2, relations = true } = options;
  const related = depth > 0 && relations ? relationsInFocus(generator, model) : [];
  const kind = random.weighted({
    key: 4,
    field: 4,
    relation: related.length > 0 ? 3 : 0,
    logic: depth > 0 ? 2 : 0,
  });
  const inner = { ...options, depth: depth - 1 };
  if (kind === 'logic') {
    const name = random.pick(['AND', 'OR', 'OR', 'NOT']);
    const branches = Array.from({ length: random.pick([0, 1, 2, 2, 2, 3]) }, () =>
      where(generator, model, inner),
    );
    // `AND` and `NOT` take a single filter too.
    filter[name] = name !== 'OR' && branches.length === 1 ? branches[0] : branches;
  } else if (kind === 'relation') {
    const relation = random.pick(related);
    filter[relation.name] = relationFilter(generator, relation, inner);
  } else {
    const keys = model.fields.filter(({ foreign, unique }) => foreign || unique);
    const field = random.pick(kind === 'key' && keys.length > 0 ? keys : model.fields);
    filter[field.name] = random.chance(0.02) ? undefined : fieldFilter(generator, field);
  }
}

function relationFilter(
  generator: Generator,
  relation: RelationInfo,
  options: WhereOptions,
): unknown {
  const { random, schema } = generator;
  const target = modelOf(schema, relation.target);
  const inner = (): Draft => where(generator, target, options);
  if (relation.list) {
    const quantifiers = random.sample(['some', 'every', 'none'], 1, random.chance(0.15) ? 2 : 1);
    return Object.fromEntries(quantifiers.map((name) => [name, inner()]));
  }
  if (!relation.required && random.chance(0.2))
    return random.pick<unknown>([null, { is: null }, { isNot: null }]);
  return random.pick<() => unknown>([inner, () => ({ is: inner() }), () => ({ isNot: inner() })])();
}

/** What names at most one row: a key, now and then with further filters. */
export function whereUnique(generator: Generator, model: ModelInfo, filters = 0.12): Draft {
  const { random } = generator;
  const unique: Draft = uniqueKey(generator, model, chooseUnique(generator, model));
  if (random.chance(0.04))
    Object.assign(unique, uniqueKey(generator, model, chooseUnique(generator, model)));
  if (!random.chance(filters)) return unique;
  // Fields that are a key by themselves take plain values here, no filters.
  const keys = model.uniques.map(({ name }) => name);
  const filter = Object.entries(where(generator, model, { depth: 1 })).filter(
    ([name]) => !keys.includes(name),
  );
  return { ...Object.fromEntries(filter), ...unique };
}

function chooseUnique({ random }: Generator, model: ModelInfo): UniqueInfo {
  return random.chance(0.5) ? model.identifier : random.pick(model.uniques);
}

function liveRow(generator: Generator, model: ModelInfo): Row | undefined {
  const rows = generator.rows(model.name);
  return rows.length === 0 ? undefined : generator.random.pick(rows);
}

export function uniqueKey(generator: Generator, model: ModelInfo, unique: UniqueInfo): Draft {
  const { fields, name } = unique;
  const [first] = fields;
  const row = generator.random.chance(0.5) ? liveRow(generator, model) : undefined;
  if (
    row !== undefined &&
    fields.length > 1 &&
    fields.every((field) => row[field] !== undefined && row[field] !== null)
  ) {
    return { [name]: Object.fromEntries(fields.map((field) => [field, row[field]])) };
  }
  if (fields.length === 1 && first !== undefined)
    return { [name]: element(generator, fieldOf(model, first)) };
  return {
    [name]: Object.fromEntries(
      fields.map((field) => [field, value(generator, fieldOf(model, field))]),
    ),
  };
}

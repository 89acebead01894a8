import type { Row } from '../schema/client.ts';
import type { ModelInfo, RelationInfo } from '../schema/metadata.ts';
import { fieldOf, modelOf } from '../schema/metadata.ts';
import { relationsInFocus, type Draft, type Generator } from './context.ts';
import { fieldFilter } from './filter.ts';
import { element } from './value.ts';

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

export interface UniqueOptions {
  /** How often further filters come with the key. @defaultValue 0.12 */
  readonly filters?: number;
  /** The row to name; else any that exists, or none. */
  readonly row?: Row | undefined;
}

/** What names at most one row: a key, now and then with further filters. */
export function whereUnique(
  generator: Generator,
  model: ModelInfo,
  { filters = 0.12, row }: UniqueOptions = {},
): Draft {
  const { random } = generator;
  const unique: Draft = uniqueKey(generator, model, row);
  if (random.chance(0.04)) Object.assign(unique, uniqueKey(generator, model, row));
  if (!random.chance(filters)) return unique;
  // Fields that are a key by themselves take plain values here, no filters.
  const keys = model.uniques.map(({ name }) => name);
  const filter =
    row !== undefined && random.chance(0.5)
      ? filterOfRow(generator, model, row)
      : where(generator, model, { depth: 1 });
  const others = Object.entries(filter).filter(([name]) => !keys.includes(name));
  return { ...Object.fromEntries(others), ...unique };
}

/** A filter that the row matches now. */
function filterOfRow({ random }: Generator, model: ModelInfo, row: Row): Draft {
  const known = model.fields.filter(
    ({ name, kind, list }) => row[name] !== undefined && kind !== 'Json' && !list,
  );
  if (known.length === 0) return {};
  const { name } = random.pick(known);
  return { [name]: row[name] };
}

function uniqueKey(generator: Generator, model: ModelInfo, row: Row | undefined): Draft {
  const { random } = generator;
  const unique = random.chance(0.5) ? model.identifier : random.pick(model.uniques);
  const named = row ?? (random.chance(0.5) ? liveRow(generator, model) : undefined);
  const values = (fields: readonly string[]): Draft =>
    Object.fromEntries(
      fields.map((field) => {
        const known = named?.[field] ?? undefined;
        return [field, known ?? element(generator, fieldOf(model, field))];
      }),
    );
  const key = values(unique.fields);
  return unique.fields.length === 1
    ? { [unique.name]: key[unique.fields[0] ?? ''] }
    : { [unique.name]: key };
}

/** Any row that the model has. */
export function liveRow(generator: Generator, model: ModelInfo): Row | undefined {
  const rows = generator.rows(model.name);
  return rows.length === 0 ? undefined : generator.random.pick(rows);
}

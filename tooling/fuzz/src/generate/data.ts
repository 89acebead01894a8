import { DbNull, JsonNull } from '@prisma/client/runtime/client';
import type { Row } from '../schema/client.ts';
import type { FieldInfo, ModelInfo, RelationInfo } from '../schema/metadata.ts';
import { relationsInFocus, type Draft, type Generator } from './context.ts';
import { nestedCreate, nestedUpdate } from './nested.ts';
import { element, freshValue, nullableValue, value } from './value.ts';

export interface DataOptions {
  /** How many levels of nested writes may follow. */
  readonly depth: number;
  /** The relation that the row is reached by: its key is not said again. */
  readonly without?: RelationInfo | undefined;
  /** The row that is updated, if it is known: nested writes then name rows that hang on it. */
  readonly row?: Row | undefined;
}

/**
 * The data of a create. Prisma takes keys either as scalars or through relations, never both in one object.
 */
export function createData(generator: Generator, model: ModelInfo, options: DataOptions): Draft {
  const { random } = generator;
  const keys = keyRelations(generator, model, options);
  const byRelation = options.depth > 0 && keys.reachable && random.chance(0.4);
  const given = keysGiven(options);
  const data: Draft = {};
  for (const field of model.fields) {
    if (given.has(field.name) || (byRelation && isUnchecked(field))) continue;
    const wanted = field.autoincrement ? 0.4 : field.unique || field.foreign ? 0.85 : 0.4;
    if (field.optional && !random.chance(field.updatedAt ? 0.1 : wanted)) continue;
    data[field.name] = createValue(generator, field);
  }
  if (!byRelation) referToRows(generator, model, data);
  if (options.depth === 0) return data;
  for (const relation of relationsInFocus(generator, model)) {
    if (relation.name === options.without?.name) continue;
    if (relation.side === 'key' && !byRelation) continue;
    const needed = relation.side === 'key' && relation.required;
    if (!needed && !random.chance(0.25)) continue;
    data[relation.name] = nestedCreate(generator, relation, options.depth - 1, needed);
  }
  return data;
}

/** Foreign keys, as far as they are given, mostly name rows that exist. */
function referToRows(generator: Generator, model: ModelInfo, data: Draft): void {
  const { random } = generator;
  for (const { side, from, to, target } of model.relations) {
    const rows = generator.rows(target);
    if (side !== 'key' || rows.length === 0 || !random.chance(0.85)) continue;
    if (from.some((name) => data[name] === undefined || data[name] === null)) continue;
    const row = random.pick(rows);
    from.forEach((name, index) => {
      const value = row[to[index] ?? ''];
      if (value !== undefined && value !== null) data[name] = value;
    });
  }
}

/** One row of `createMany`: scalars alone. */
export function createManyRow(
  generator: Generator,
  model: ModelInfo,
  without?: RelationInfo,
): Draft {
  return createData(generator, model, { depth: 0, without });
}

/** The data of an update: one to three changes. */
export function updateData(generator: Generator, model: ModelInfo, options: DataOptions): Draft {
  const { random } = generator;
  const keys = keyRelations(generator, model, options);
  const byRelation = options.depth > 0 && keys.reachable && random.chance(0.4);
  const given = keysGiven(options);
  const fields = model.fields.filter(
    (field) => !given.has(field.name) && !(byRelation && isUnchecked(field)),
  );
  const data: Draft = {};
  const count = random.pick([0, 1, 1, 1, 2, 3]);
  const tracked = fields.filter(({ foreign, unique }) => foreign || unique);
  const identifying = fields.filter(({ name }) => model.identifier.fields.includes(name));
  for (let i = 0; i < count && fields.length > 0; i++) {
    const kind = random.weighted({
      any: 6,
      tracked: tracked.length > 0 ? 3 : 0,
      key: identifying.length > 0 ? 1 : 0,
    });
    const field = random.pick({ any: fields, tracked, key: identifying }[kind]);
    data[field.name] = random.chance(0.02) ? undefined : updateValue(generator, field);
  }
  if (!byRelation) referToRows(generator, model, data);
  if (options.depth === 0) return data;
  const relations = relationsInFocus(generator, model).filter(
    ({ name, side }) => name !== options.without?.name && (side !== 'key' || byRelation),
  );
  const wanted = byRelation || count === 0 ? 1 : random.pick([0, 0, 1, 1, 2]);
  for (const relation of random.sample(relations, Math.min(wanted, 1), wanted)) {
    data[relation.name] = nestedUpdate(generator, relation, options.depth - 1, options.row);
  }
  return data;
}

/** Prisma takes these only where keys are scalars. */
function isUnchecked({ foreign, autoincrement }: FieldInfo): boolean {
  return foreign || autoincrement;
}

/** Scalars that the relation by which the row is reached already gives. */
function keysGiven({ without }: DataOptions): ReadonlySet<string> {
  return new Set(without?.side === 'key' ? without.from : []);
}

/** Whether every key that a row needs can be given through a relation in focus. */
function keyRelations(
  generator: Generator,
  model: ModelInfo,
  { without }: DataOptions,
): { reachable: boolean } {
  const inFocus = new Set(relationsInFocus(generator, model).map(({ name }) => name));
  const own = model.relations.filter(({ side, name }) => side === 'key' && name !== without?.name);
  return {
    reachable: own.length > 0 && own.every(({ required, name }) => !required || inFocus.has(name)),
  };
}

function createValue(generator: Generator, field: FieldInfo): unknown {
  const { random } = generator;
  if (field.kind === 'Json' && !field.list && random.chance(0.2)) {
    return field.required ? JsonNull : random.pick([DbNull, JsonNull]);
  }
  const plain =
    field.unique && !field.foreign && random.chance(0.7)
      ? freshValue(generator, field)
      : nullableValue(generator, field);
  return field.list && random.chance(0.2) ? { set: plain } : plain;
}

const NUMERIC = ['Int', 'BigInt', 'Float', 'Decimal'];

/** A new value, plain or by an operation: `set`, `increment`, `push`, … */
function updateValue(generator: Generator, field: FieldInfo): unknown {
  const { random } = generator;
  if (field.list) {
    if (random.chance(0.4)) {
      return { push: random.chance(0.5) ? element(generator, field) : value(generator, field) };
    }
    return createValue(generator, field);
  }
  if (field.kind === 'Json') return createValue(generator, field);
  if (field.unique && !field.foreign && random.chance(0.6)) return freshValue(generator, field);
  if (NUMERIC.includes(field.kind) && random.chance(0.35)) {
    const operation = random.pick(['increment', 'increment', 'decrement', 'multiply', 'divide']);
    const drawn = random.pick([1, 1, 2]);
    // D1 divides as floating point, whatever the column: a BigInt with a fraction cannot be read again.
    const by = field.kind === 'BigInt' && operation === 'divide' ? 1 : drawn;
    return { [operation]: field.kind === 'BigInt' ? BigInt(by) : by };
  }
  const plain = nullableValue(generator, field);
  return random.chance(0.25) ? { set: plain } : plain;
}

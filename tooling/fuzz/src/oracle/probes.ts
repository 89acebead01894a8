import type { Operation } from '../generate/context.ts';
import type { Row } from '../schema/client.ts';
import { inverseOf, modelOf, type ModelInfo, type SchemaInfo } from '../schema/metadata.ts';
import { isPlain, plainText } from './canonical.ts';
import { orderProbes } from './probes-order.ts';
import { filterProbes, ownFilterProbes, parentProbes } from './probes-relation.ts';
import { isComparable, keyText, matches, same, type Snapshot } from './snapshot.ts';

/**
 * The plainest read of its kind, and what it returns worked out from a snapshot: as whole rows, of which `project` takes what
 * was selected.
 */
export interface Probe {
  readonly read: Operation;
  readonly evaluate: (snapshot: Snapshot) => unknown;
}

/** A row as it was before a write and after it; one of them may be missing. */
export interface RowChange {
  readonly model: ModelInfo;
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}

/** The rows of a model that a write has changed, or linked otherwise. @param tables - those that have changed */
export function rowChanges(
  model: ModelInfo,
  tables: ReadonlySet<string>,
  before: Snapshot,
  after: Snapshot,
): readonly RowChange[] {
  const joins = model.relations.filter(({ joinTable }) => tables.has(joinTable ?? ''));
  if (!tables.has(model.table) && joins.length === 0) return [];
  const linked = (now: Snapshot, row: Row): unknown =>
    joins.map((relation) => now.related(relation, row));
  const old = new Map(before.rows(model.name).map((row) => [keyText(model, row), row]));
  const changes: RowChange[] = [];
  for (const row of after.rows(model.name)) {
    const key = keyText(model, row);
    const was = old.get(key);
    old.delete(key);
    if (was === undefined || !same(was, row) || !same(linked(before, was), linked(after, row))) {
      changes.push({ model, before: was, after: row });
    }
  }
  for (const row of old.values()) changes.push({ model, before: row, after: undefined });
  return changes;
}

/** Reads about a row that has changed, of every kind that the planner tells apart. Some of them have changed, others not. */
export function* probesOf(
  schema: SchemaInfo,
  change: RowChange,
  snapshots: readonly Snapshot[],
): Iterable<Probe> {
  const { model, before, after } = change;
  const changed = model.fields
    .map(({ name }) => name)
    .filter(
      (name) => before === undefined || after === undefined || !same(before[name], after[name]),
    );
  const list = (action: string, args: Operation['args']): Operation => ({
    model: model.name,
    action,
    args,
  });
  yield { read: list('count', {}), evaluate: (now) => now.rows(model.name).length };
  for (const name of changed) {
    const read = list('findMany', { select: { [name]: true } });
    yield { read, evaluate: (now) => now.rows(model.name) };
  }
  for (const row of [before, after]) {
    if (row === undefined) continue;
    yield* uniqueProbes(model, row, changed);
    yield* listProbes(model, row, changed);
    if (schema.provider === 'postgresql') yield* insensitiveProbes(model, row);
    yield* orderProbes(
      model,
      row,
      changed,
      snapshots.flatMap((now) => now.rows(model.name)),
    );
    for (const relation of model.relations) {
      yield* filterProbes(schema, model, row, relation, changed);
      const far = modelOf(schema, relation.target);
      for (const above of snapshots.flatMap((now) => now.related(relation, row))) {
        const values = (field: string): readonly unknown[] =>
          [before?.[field], after?.[field]].filter((value) => value !== undefined);
        yield* parentProbes(far, above, model, inverseOf(schema, relation), changed, values);
        yield* ownFilterProbes(far, above, model, relation);
      }
    }
  }
}

/** The row by each of its keys, as one and as a list. */
function* uniqueProbes(model: ModelInfo, row: Row, changed: readonly string[]): Iterable<Probe> {
  for (const { name, fields } of model.uniques) {
    if (fields.some((field) => row[field] === null)) continue;
    const key = Object.fromEntries(fields.map((field) => [field, row[field]]));
    const where = fields.length === 1 ? key : { [name]: key };
    const evaluate = (now: Snapshot): unknown =>
      now.rows(model.name).find((other) => matches(other, key)) ?? null;
    for (const field of changed) {
      const select = { [field]: true };
      yield {
        read: { model: model.name, action: 'findUnique', args: { where, select } },
        evaluate,
      };
      yield {
        read: { model: model.name, action: 'findFirst', args: { where: key, select } },
        evaluate,
      };
      if (!isComparable(model, field) || fields.includes(field)) continue;
      const value = row[field];
      const args = { where: { ...where, [field]: value }, select: { [fields[0] ?? '']: true } };
      // A key does not take null.
      if (value === null && model.uniques.some((unique) => unique.name === field)) continue;
      yield {
        read: { model: model.name, action: 'findUnique', args },
        evaluate: (now) =>
          now.rows(model.name).find((other) => matches(other, { ...key, [field]: value })) ?? null,
      };
    }
  }
}

/** Lists that the row is in, before or after, by any of its fields. */
function* listProbes(model: ModelInfo, row: Row, changed: readonly string[]): Iterable<Probe> {
  const first = model.identifier.fields[0] ?? '';
  for (const field of model.fields) {
    if (!isComparable(model, field.name)) continue;
    const where = { [field.name]: row[field.name] };
    const evaluate = (now: Snapshot): readonly Row[] =>
      now.rows(model.name).filter((other) => matches(other, where));
    for (const name of new Set([first, ...changed])) {
      const args = { where, select: { [name]: true } };
      yield { read: { model: model.name, action: 'findMany', args }, evaluate };
    }
    const count = (now: Snapshot): unknown => evaluate(now).length;
    yield { read: { model: model.name, action: 'count', args: { where } }, evaluate: count };
    const groups = { by: [field.name], _count: true };
    yield {
      read: { model: model.name, action: 'groupBy', args: groups },
      evaluate: (now) =>
        now
          .rows(model.name)
          .map((other) => plainText(other[field.name]))
          .sort(),
    };
  }
}

/** Lists that find the row whatever its case. */
function* insensitiveProbes(model: ModelInfo, row: Row): Iterable<Probe> {
  const first = model.identifier.fields[0] ?? '';
  for (const { name, kind, list, native } of model.fields) {
    const value = row[name];
    if (kind !== 'String' || list || native !== undefined || typeof value !== 'string') continue;
    // Letters outside of ASCII and patterns are the database's own affair.
    if (!/^[A-Za-z0-9 ]*$/.test(value)) continue;
    const where = { [name]: { equals: value.toUpperCase(), mode: 'insensitive' } };
    const args = { where, select: { [first]: true } };
    const lower = value.toLowerCase();
    yield {
      read: { model: model.name, action: 'findMany', args },
      evaluate: (now) =>
        now.rows(model.name).filter((other) => String(other[name]).toLowerCase() === lower),
    };
  }
}

/** Of whole rows, what a `select` shows. */
export function project(args: Operation['args'], result: unknown): unknown {
  if (Array.isArray(result)) return result.map((row) => project(args, row));
  const { select } = args;
  if (!isPlain(result) || !isPlain(select)) return result;
  const entries = Object.entries(select).filter(([, wanted]) => Boolean(wanted));
  return Object.fromEntries(
    entries.map(([name, wanted]) => [
      name,
      name === '_count' || !isPlain(wanted) ? result[name] : project(wanted, result[name]),
    ]),
  );
}

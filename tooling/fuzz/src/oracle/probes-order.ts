import type { Operation } from '../generate/context.ts';
import type { Row } from '../schema/client.ts';
import type { FieldInfo, ModelInfo } from '../schema/metadata.ts';
import type { Probe } from './probes.ts';
import { isComparable, matches, same, type Snapshot } from './snapshot.ts';

/** Lists whose order or page the row decides: by a field, by the key that Prisma orders by, from a cursor, `distinct`. */
export function* orderProbes(
  model: ModelInfo,
  row: Row,
  changed: readonly string[],
  rows: readonly Row[],
): Iterable<Probe> {
  const { identifier } = model;
  const keys = model.fields.filter(({ name }) => identifier.fields.includes(name));
  if (!keys.every(isSortable)) return;
  const byKey = identifier.fields;
  const others = (name: string): readonly unknown[] => [
    ...new Set(rows.map((other) => other[name])),
  ];
  const read = (action: string, args: Operation['args']): Operation => ({
    model: model.name,
    action,
    args,
  });
  const select = Object.fromEntries(byKey.map((name) => [name, true]));
  for (const field of model.fields.filter(isSortable)) {
    if (!changed.includes(field.name)) continue;
    const names = [field.name, ...byKey.filter((name) => name !== field.name)];
    const orderBy = names.map((name) => ({ [name]: 'asc' }));
    const inOrder = (now: Snapshot): readonly Row[] => sorted(now.rows(model.name), names);
    yield { read: read('findMany', { orderBy, select }), evaluate: inOrder };
    yield {
      read: read('findFirst', { orderBy, select }),
      evaluate: (now) => inOrder(now)[0] ?? null,
    };
    yield {
      read: read('findMany', { orderBy, select, skip: 1, take: 2 }),
      evaluate: (now) => inOrder(now).slice(1, 3),
    };
    yield cursorProbe(model, row, { orderBy, select, take: 2 }, names);
    for (const { name, foreign } of model.fields) {
      if (!foreign) continue;
      for (const value of others(name)) {
        const where = { [name]: value };
        yield cursorProbe(model, row, { where, orderBy, select, take: 2 }, names);
      }
    }
  }
  for (const { name } of model.fields) {
    if (!isComparable(model, name)) continue;
    const where = { [name]: row[name] };
    const matching = (now: Snapshot): readonly Row[] =>
      sorted(now.rows(model.name), byKey).filter((other) => matches(other, where));
    yield {
      read: read('findMany', { where, select, take: 1 }),
      evaluate: (now) => matching(now).slice(0, 1),
    };
    if (!changed.includes(name)) continue;
    const orderBy = byKey.map((key) => ({ [key]: 'asc' }));
    yield {
      read: read('findMany', { distinct: [name], orderBy, select }),
      evaluate: (now) => distinct(sorted(now.rows(model.name), byKey), name),
    };
  }
}

interface CursorArgs {
  readonly where?: Row;
  readonly take: number;
  readonly [name: string]: unknown;
}

/** A page that begins where a row stands in the order, whether or not it is in the list; where the row is gone, there is no page. */
function cursorProbe(
  model: ModelInfo,
  row: Row,
  args: CursorArgs,
  names: readonly string[],
): Probe {
  const { name, fields } = model.identifier;
  const key = Object.fromEntries(fields.map((field) => [field, row[field]]));
  const cursor = fields.length === 1 ? key : { [name]: key };
  return {
    read: { model: model.name, action: 'findMany', args: { ...args, cursor } },
    evaluate: (now) => {
      const rows = now.rows(model.name);
      const start = rows.find((other) => matches(other, key));
      if (start === undefined) return [];
      return sorted(rows, names)
        .filter((other) => compare(other, start, names) >= 0 && matches(other, args.where ?? {}))
        .slice(0, args.take);
    },
  };
}

/** Types that JavaScript sorts as the databases do. */
function isSortable({ kind, list, required, native }: FieldInfo): boolean {
  if (list || !required || native !== undefined) return false;
  return ['Int', 'BigInt', 'DateTime', 'String'].includes(kind);
}

function sorted(rows: readonly Row[], names: readonly string[]): readonly Row[] {
  return [...rows].sort((a, b) => compare(a, b, names));
}

function compare(a: Row, b: Row, names: readonly string[]): number {
  for (const name of names) {
    const [x, y] = [a[name], b[name]] as [number, number];
    if (x < y) return -1;
    if (x > y) return 1;
  }
  return 0;
}

function distinct(rows: readonly Row[], name: string): readonly Row[] {
  return rows.filter(
    (row, index) => rows.findIndex((other) => same(other[name], row[name])) === index,
  );
}

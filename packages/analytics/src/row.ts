import { MAX_INDEX_BYTES, type DataPoint } from './dataset.js';

/** A row that is being counted up; what is no sum is one of `maxima`. */
export interface Row {
  readonly index: string;
  readonly blobs: string[];
  /** By position, from 0. */
  readonly doubles: number[];
  /** Rows that say the same with less detail may be added up under it. */
  readonly coarseKey: string;
  /** How many events it stands for. */
  events: number;
}

/** Longest text in a column: tenant ids and reasons are shorter, and a row has room for 16 KB. */
const MAX_BLOB_CHARACTERS = 256;

export function pointOf({ index, blobs, doubles }: Row): DataPoint {
  return {
    indexes: [withinBytes(index)],
    blobs: blobs.map((blob) => blob.slice(0, MAX_BLOB_CHARACTERS)),
    doubles: [...doubles],
  };
}

/** Model names are ASCII but may be long. */
function withinBytes(index: string): string {
  // A UTF-16 unit takes at most three bytes.
  if (index.length * 3 <= MAX_INDEX_BYTES) return index;
  let bytes = 0;
  let text = '';
  for (const character of index) {
    bytes += utf8Bytes(character);
    if (bytes > MAX_INDEX_BYTES) break;
    text += character;
  }
  return text;
}

function utf8Bytes(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x1_0000 ? 3 : 4;
}

/** Adds `from` to `into`. @param maxima - positions, from 1, of the doubles that are no sums */
export function addRow(into: Row, from: Row, maxima: ReadonlySet<number>): void {
  for (const [at, value] of from.doubles.entries()) {
    const own = into.doubles[at] ?? 0;
    into.doubles[at] = maxima.has(at + 1) ? Math.max(own, value) : own + value;
  }
  into.events += from.events;
}

/** The rows with those of one coarse key added up. */
export function merged(rows: readonly Row[], maxima: ReadonlySet<number>): Row[] {
  const byKey = new Map<string, Row>();
  for (const row of rows) {
    const known = byKey.get(row.coarseKey);
    if (known === undefined) byKey.set(row.coarseKey, row);
    else addRow(known, row, maxima);
  }
  return [...byKey.values()];
}

/**
 * At most `most` rows: added up by coarse key where there are more, then those of the fewest events in one that `rest` makes.
 * None are lost but where `most` is 0.
 */
export function fitted(
  rows: readonly Row[],
  most: number,
  maxima: ReadonlySet<number>,
  rest: (row: Row) => Row,
): Row[] {
  if (rows.length <= most) return [...rows];
  const coarse = merged(rows, maxima);
  if (coarse.length <= most) return coarse;
  if (most === 0) return [];
  const sorted = coarse.toSorted((a, b) => b.events - a.events);
  const tail = sorted.slice(most - 1);
  const [first] = tail;
  if (first === undefined) return sorted;
  const sum = rest(first);
  for (const row of tail.slice(1)) addRow(sum, row, maxima);
  return [...sorted.slice(0, most - 1), sum];
}

import { BoostError } from '@boost/core';

/** Where a list goes on: in the page that a cursor of the API begins, after a key. */
export interface Position {
  readonly page: string;
  /** '' for the beginning of the page. */
  readonly after: string;
}

export const START: Position = { page: '', after: '' };

/** A cursor of ours: the API gives pages of at least ten keys, and a caller may want fewer. */
export function formatCursor({ page, after }: Position): string {
  return JSON.stringify([page, after]);
}

/** @throws BoostError `BOOST_OPTION_INVALID` */
export function parseCursor(cursor: string): Position {
  let parsed: unknown;
  try {
    parsed = JSON.parse(cursor);
  } catch (cause) {
    throw foreign(cause);
  }
  if (!Array.isArray(parsed)) throw foreign();
  const [page, after] = parsed as unknown[];
  if (typeof page !== 'string' || typeof after !== 'string') throw foreign();
  return { page, after };
}

function foreign(cause?: unknown): BoostError {
  return new BoostError(
    'BOOST_OPTION_INVALID',
    'The cursor of a list is none that this adapter gave; pass on the cursor of the result before',
    { details: { option: 'cursor' }, ...(cause === undefined ? {} : { cause }) },
  );
}

const encoder = new TextEncoder();

/** Whether a key comes after another in the order of their bytes, which is that of the API. */
export function isAfter(key: string, other: string): boolean {
  const bytes = encoder.encode(key);
  const others = encoder.encode(other);
  const length = Math.min(bytes.length, others.length);
  for (let index = 0; index < length; index++) {
    const difference = (bytes[index] ?? 0) - (others[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return bytes.length > others.length;
}

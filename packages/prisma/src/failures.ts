import type { FailureKind } from '@boost/core';

/**
 * Errors by which the database says that it did not do what it was asked: values too long or out of range, unique, foreign key,
 * null and other constraints, missing records, a write conflict that was rolled back.
 *
 * @see https://www.prisma.io/docs/orm/reference/error-reference#error-codes
 */
const REFUSALS: ReadonlySet<unknown> = new Set([
  ...['P2000', 'P2001', 'P2002', 'P2003', 'P2004', 'P2005', 'P2006', 'P2007', 'P2011', 'P2013'],
  ...['P2014', 'P2015', 'P2016', 'P2017', 'P2018', 'P2019', 'P2020', 'P2023', 'P2025', 'P2033'],
  'P2034',
]);

const NOT_FOUND = 'P2025';

/** What the errors of a client's writes say about the database. */
export class Failures {
  readonly #doubtful = new WeakSet<object>();

  /** What the error says does not hold for the whole write: something of it may have been done. */
  doubt(error: unknown): void {
    if (typeof error === 'object' && error !== null) this.#doubtful.add(error);
  }

  classify(error: unknown): FailureKind {
    if (typeof error !== 'object' || error === null) return 'unknown';
    const { name, code } = error as { readonly name?: unknown; readonly code?: unknown };
    if (this.#doubtful.has(error)) return 'unknown';
    if (name === 'PrismaClientValidationError') return 'untouched';
    return REFUSALS.has(code) ? 'refused' : 'unknown';
  }
}

/** Whether `error` says that no row matched the `where` of an update or delete. */
export function isNotFound(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    (error as { readonly code?: unknown }).code === NOT_FOUND
  );
}

import { optionError } from '@boost/core';

/** Where the rows are, and how far back to look. */
export interface QueryOptions {
  /** Name of the dataset that the query is about: `cachePerformance`, `cacheInvalidationEvents`. */
  readonly dataset?: string;
  /** Days back from now: 1 to 90, as long as Analytics Engine keeps rows. @defaultValue 7 */
  readonly days?: number;
}

export const PERFORMANCE_DATASET = 'cachePerformance';
export const INVALIDATIONS_DATASET = 'cacheInvalidationEvents';

const DATASET = /^[A-Za-z_]\w{0,127}$/;
const MAX_DAYS = 90;

/**
 * A name that can stand in a query.
 *
 * @throws BoostError `BOOST_OPTION_INVALID`
 */
export function checkDataset(name: string): string {
  if (DATASET.test(name)) return name;
  throw optionError('dataset', name, 'give letters, digits and "_", and no digit first');
}

/** @throws BoostError `BOOST_OPTION_INVALID` */
export function checkDays(days: number): number {
  if (Number.isInteger(days) && days >= 1 && days <= MAX_DAYS) return days;
  throw optionError('days', days, `give a whole number of days, 1 to ${String(MAX_DAYS)}`);
}

/** The end of a query: the table, its kind of rows, and the days. */
export function from({ dataset, days = 7 }: QueryOptions, byDefault: string, kind: string): string {
  return `FROM ${checkDataset(dataset ?? byDefault)}
WHERE blob1 = '${kind}' AND timestamp > NOW() - INTERVAL '${String(checkDays(days))}' DAY`;
}

/** Columns of a layout added up, each row for as many as it stands for. */
export function sum(...columns: readonly number[]): string {
  const names = columns.map((column) => `double${String(column)}`).join(' + ');
  return `SUM(_sample_interval * ${columns.length === 1 ? names : `(${names})`})`;
}

import {
  affinity,
  budgetExceeded,
  hitRates,
  hotTenants,
  invalidationCosts,
  needlessInvalidations,
  slowestMisses,
  storeCostByDay,
  tenantPeaks,
  type QueryOptions,
} from '@boost/analytics';
import type { Counted } from './events-file.js';
import * as local from './local.js';

/** One line of a table: texts and numbers by column, as the SQL names them. */
export type ReportRow = Readonly<Record<string, string | number>>;

/** A table of the report. */
export interface Section {
  readonly name: string;
  readonly title: string;
  readonly dataset: 'performance' | 'invalidations';
  readonly sql: (options: QueryOptions) => string;
  /** The same from rows of a file. */
  readonly count: (rows: readonly Counted[], days: number) => readonly ReportRow[];
  /** How many days back, unless the user says. */
  readonly days: number;
  /** Columns that are texts; all others are numbers. */
  readonly texts: readonly string[];
  /** The column that is drawn, and what a whole bar is. @defaultValue the greatest */
  readonly drawn?: { readonly column: string; readonly whole?: number };
}

export const SECTIONS: readonly Section[] = [
  {
    name: 'hitRates',
    title: 'Hit rates by model',
    ...{ dataset: 'performance', sql: hitRates, count: local.hitRates, days: 7 },
    texts: ['model'],
    drawn: { column: 'hit_rate_pct', whole: 100 },
  },
  {
    name: 'slowestMisses',
    title: 'Slowest misses',
    ...{ dataset: 'performance', sql: slowestMisses, count: local.slowestMisses, days: 7 },
    texts: ['model', 'action'],
  },
  {
    name: 'needlessInvalidations',
    title: 'Invalidations that need not have been',
    ...{ dataset: 'performance', sql: needlessInvalidations, count: local.needless, days: 7 },
    texts: ['model'],
  },
  {
    name: 'hotTenants',
    title: 'Tenants that read most',
    ...{ dataset: 'performance', sql: hotTenants, count: local.hotTenants, days: 7 },
    texts: ['tenant'],
    drawn: { column: 'reads' },
  },
  {
    name: 'tenantPeaks',
    title: 'Busiest minute of each tenant, and the shards for it',
    ...{ dataset: 'performance', sql: tenantPeaks, count: local.tenantPeaks, days: 7 },
    texts: ['tenant'],
  },
  {
    name: 'storeCostByDay',
    title: 'What the store billed, by day',
    ...{ dataset: 'performance', sql: storeCostByDay, count: local.storeCostByDay, days: 30 },
    texts: ['day'],
    drawn: { column: 'cost_usd' },
  },
  {
    name: 'invalidationCosts',
    title: 'What invalidations cost, by day',
    ...{ dataset: 'invalidations', sql: invalidationCosts, count: local.invalidationCosts },
    ...{ days: 30, texts: ['day'] },
    drawn: { column: 'total_cost_usd' },
  },
  {
    name: 'budgetExceeded',
    title: 'Caps and budgets that were exceeded',
    ...{ dataset: 'invalidations', sql: budgetExceeded, count: local.budgetExceeded, days: 7 },
    texts: ['model'],
    drawn: { column: 'exceeded_pct', whole: 100 },
  },
  {
    name: 'affinity',
    title: 'Which models invalidate which',
    ...{ dataset: 'invalidations', sql: affinity, count: local.affinity, days: 7 },
    texts: ['mutated', 'target'],
    drawn: { column: 'invalidations' },
  },
];

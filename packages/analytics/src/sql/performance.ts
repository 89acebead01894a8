import { optionError } from '@boost/core';
import { READS, READS_BLOBS, READS_KIND, STORE, STORE_KIND } from '../layout.js';
import {
  checkDataset,
  checkDays,
  from,
  PERFORMANCE_DATASET,
  sum,
  type QueryOptions,
} from './query.js';

const HITS = [READS.hitsMemory, READS.hitsL1, READS.hitsL2, READS.stale] as const;
const double = (column: number): string => `double${String(column)}`;
const blob = (column: number): string => `blob${String(column)}`;

/** Reads by model: `model`, `hits`, `misses`, `bypasses`, `hit_rate_pct`, `saved_ms`. */
export function hitRates(options: QueryOptions = {}): string {
  return `SELECT
  index1 AS model,
  ${sum(...HITS)} AS hits,
  ${sum(READS.misses)} AS misses,
  ${sum(READS.bypasses)} AS bypasses,
  ROUND(if(hits + misses > 0, hits * 100.0 / (hits + misses), 0), 1) AS hit_rate_pct,
  ${sum(READS.databaseSavedMs)} AS saved_ms
${from(options, PERFORMANCE_DATASET, READS_KIND)}
GROUP BY model
ORDER BY hits + misses DESC, model`;
}

/**
 * The product page's query of model hit rates: `model`, `hits`, `misses`, `hit_rate_pct`. Its columns have names that datasets do not
 * have, so that it reads from a query that gives them. The rate is the mean over requests, each counting alike.
 */
export function modelHitRates({
  dataset = PERFORMANCE_DATASET,
  days = 7,
}: QueryOptions = {}): string {
  const hits = HITS.map(double).join(' + ');
  return `SELECT
  model,
  SUM(modelHits) as hits,
  SUM(modelMisses) as misses,
  ROUND(SUM(modelHitRate * _sample_interval) / SUM(_sample_interval) * 100, 1) as hit_rate_pct
FROM (
  SELECT
    index1 AS model,
    _sample_interval,
    _sample_interval * (${hits}) AS modelHits,
    _sample_interval * ${double(READS.misses)} AS modelMisses,
    (${hits}) / (${hits} + ${double(READS.misses)}) AS modelHitRate
  FROM ${checkDataset(dataset)}
  WHERE blob1 = '${READS_KIND}' AND ${hits} + ${double(READS.misses)} > 0
    AND timestamp > NOW() - INTERVAL '${String(checkDays(days))}' DAY
)
GROUP BY model
ORDER BY hits + misses DESC, model`;
}

/** Where misses take longest: `model`, `action` of the slowest read, `slowest_ms`, `spent_ms`, `misses`. */
export function slowestMisses(options: QueryOptions = {}): string {
  const slowest = double(READS.slowestMs);
  return `SELECT
  index1 AS model,
  argMax(${blob(READS_BLOBS.slowestAction)}, ${slowest}) AS action,
  MAX(${slowest}) AS slowest_ms,
  ${sum(READS.databaseSpentMs)} AS spent_ms,
  ${sum(READS.misses)} AS misses
${from(options, PERFORMANCE_DATASET, READS_KIND)}
GROUP BY model
HAVING misses > 0
ORDER BY slowest_ms DESC, model
LIMIT 20`;
}

/**
 * Whose entries were invalidated although the database then said the same: `model`, `invalidated` misses, `needless` of them,
 * `needless_pct`.
 */
export function needlessInvalidations(options: QueryOptions = {}): string {
  return `SELECT
  index1 AS model,
  ${sum(READS.missesInvalidated)} AS invalidated,
  ${sum(READS.needless)} AS needless,
  ROUND(needless * 100.0 / invalidated, 1) AS needless_pct
${from(options, PERFORMANCE_DATASET, READS_KIND)}
GROUP BY model
HAVING invalidated > 0
ORDER BY needless DESC, model
LIMIT 20`;
}

const ALL_READS = [...HITS, READS.misses, READS.bypasses] as const;

/** The tenants that read most: `tenant`, `reads`, `reads_per_second` over the time, `misses`. */
export function hotTenants(options: QueryOptions = {}): string {
  const seconds = checkDays(options.days ?? 7) * 86_400;
  const tenant = blob(READS_BLOBS.tenant);
  return `SELECT
  ${tenant} AS tenant,
  ${sum(...ALL_READS)} AS reads,
  ROUND(reads / ${String(seconds)}, 3) AS reads_per_second,
  ${sum(READS.misses)} AS misses
${from(options, PERFORMANCE_DATASET, READS_KIND)} AND ${tenant} != ''
GROUP BY tenant
ORDER BY reads DESC, tenant
LIMIT 20`;
}

export interface PeakOptions extends QueryOptions {
  /** Only tenants with a busier minute, in reads a second, however many. @defaultValue the busiest 20 */
  readonly above?: number;
}

/** The busiest minute of each tenant: `tenant`, `peak_reads_per_second`. What shards are recommended by. */
export function tenantPeaks({ above, ...options }: PeakOptions = {}): string {
  if (above !== undefined && !(above >= 0 && above < Infinity)) {
    throw optionError('above', above, 'give reads a second, 0 or more');
  }
  const tenant = blob(READS_BLOBS.tenant);
  return `SELECT tenant, ROUND(MAX(reads) / 60, 3) AS peak_reads_per_second
FROM (
  SELECT
    ${tenant} AS tenant,
    toStartOfMinute(timestamp) AS minute,
    ${sum(...ALL_READS)} AS reads
  ${from(options, PERFORMANCE_DATASET, READS_KIND)} AND ${tenant} != ''
  GROUP BY tenant, minute
)
GROUP BY tenant${above === undefined ? '' : `\nHAVING peak_reads_per_second > ${String(above)}`}
ORDER BY peak_reads_per_second DESC, tenant${above === undefined ? '\nLIMIT 20' : ''}`;
}

/** What the store has billed, by day: `day`, `cost_usd`, `reads`, `writes`. Invalidations are part of it. */
export function storeCostByDay(options: QueryOptions = {}): string {
  return `SELECT
  DATE(timestamp) AS day,
  ${sum(STORE.costUsd)} AS cost_usd,
  ${sum(STORE.reads)} AS reads,
  ${sum(STORE.writes)} AS writes
${from({ days: 30, ...options }, PERFORMANCE_DATASET, STORE_KIND)}
GROUP BY day
ORDER BY day DESC`;
}

/** What the store has billed since the month began (UTC): `spent_usd`, in one row. */
export function spentThisMonth({ dataset = PERFORMANCE_DATASET }: QueryOptions = {}): string {
  return `SELECT ${sum(STORE.costUsd)} AS spent_usd
FROM ${checkDataset(dataset)}
WHERE blob1 = '${STORE_KIND}' AND timestamp >= toStartOfMonth(NOW())`;
}

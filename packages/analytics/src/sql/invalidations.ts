import { INVALIDATION, INVALIDATION_BLOBS, PAIR_KIND, WRITE_KIND } from '../layout.js';
import { from, INVALIDATIONS_DATASET, sum, type QueryOptions } from './query.js';

const double = (column: number): string => `double${String(column)}`;
const blob = (column: number): string => `blob${String(column)}`;

/** The product page's query of invalidation costs: `day`, `total_cost_usd`, `rows_deleted`, `list_ops`. */
export function invalidationCosts(options: QueryOptions = {}): string {
  return `SELECT
  DATE(timestamp) as day,
  ${sum(INVALIDATION.costUsd)} as total_cost_usd,
  ${sum(INVALIDATION.deleted)} as rows_deleted,
  ${sum(INVALIDATION.lists)} as list_ops
${from({ days: 30, ...options }, INVALIDATIONS_DATASET, WRITE_KIND)}
GROUP BY day
ORDER BY day DESC`;
}

/** The product page's query of exceeded budgets: `model`, `exceeded`, `total`, `exceeded_pct` over 5. */
export function budgetExceeded(options: QueryOptions = {}): string {
  return `SELECT
  index1 as model,
  ${sum(INVALIDATION.exceeded)} as exceeded,
  ${sum(INVALIDATION.invalidations)} as total,
  ROUND(exceeded * 100.0 / total, 1) as exceeded_pct
${from(options, INVALIDATIONS_DATASET, WRITE_KIND)}
GROUP BY model
HAVING exceeded_pct > 5
ORDER BY exceeded_pct DESC, model`;
}

/** Which model's writes invalidate which others: `mutated`, `target`, `invalidations`. */
export function affinity(options: QueryOptions = {}): string {
  return `SELECT
  ${blob(INVALIDATION_BLOBS.mutatedModel)} AS mutated,
  ${blob(INVALIDATION_BLOBS.targetModel)} AS target,
  ${sum(INVALIDATION.invalidations)} AS invalidations
${from(options, INVALIDATIONS_DATASET, PAIR_KIND)}
GROUP BY mutated, target
ORDER BY invalidations DESC, mutated, target`;
}

/**
 * What caps are derived from, by model and day: `model`, `day`, `samples`, the 95th percentiles `rows_p95`, `lists_p95`, `deletes_p95`,
 * and `exceeded_pct`.
 */
export function capSamples(options: QueryOptions = {}): string {
  const p95 = (column: number): string =>
    `quantileExactWeighted(0.95)(${double(column)}, _sample_interval)`;
  return `SELECT
  index1 AS model,
  DATE(timestamp) AS day,
  ${sum(INVALIDATION.invalidations)} AS samples,
  ${p95(INVALIDATION.mostRows)} AS rows_p95,
  ${p95(INVALIDATION.mostLists)} AS lists_p95,
  ${p95(INVALIDATION.mostDeletes)} AS deletes_p95,
  ROUND(${sum(INVALIDATION.exceeded)} * 100.0 / samples, 1) AS exceeded_pct
${from({ days: 14, ...options }, INVALIDATIONS_DATASET, WRITE_KIND)}
GROUP BY model, day
ORDER BY model, day`;
}

import { recommendedShards, REQUESTS_PER_OBJECT } from '@boost/core';
import { tenantPeaks } from './sql/performance.js';
import type { QueryOptions } from './sql/query.js';
import { numberIn, textIn, type SqlApi, type SqlRow } from './sql/sql-api.js';

/** A tenant in its busiest minute. */
export interface TenantPeak {
  readonly tenant: string;
  readonly peakReadsPerSecond: number;
  /** Objects that it needs, for `tenantShards` of the router. */
  readonly shards: number;
}

/** @throws BoostError `BOOST_ANALYTICS_FAILED` where a row is not one of `tenantPeaks` */
export function tenantPeak(row: SqlRow): TenantPeak {
  const peakReadsPerSecond = numberIn(row, 'peak_reads_per_second');
  const shards = recommendedShards(peakReadsPerSecond);
  return { tenant: textIn(row, 'tenant'), peakReadsPerSecond, shards };
}

/**
 * The tenants that one Durable Object does not suffice for, by their busiest minute: the busiest first. For an admin endpoint, as what
 * all isolates have seen.
 *
 * @throws BoostError `BOOST_ANALYTICS_FAILED`
 */
export async function detectHotTenants(
  api: SqlApi,
  options: QueryOptions = {},
): Promise<readonly TenantPeak[]> {
  const rows = await api.query(tenantPeaks({ ...options, above: REQUESTS_PER_OBJECT }));
  return rows.map(tenantPeak);
}

/**
 * Shards that a tenant needs, by its busiest minute: 1 where it is not hot.
 *
 * @throws BoostError `BOOST_ANALYTICS_FAILED`
 */
export async function recommendShardCount(
  api: SqlApi,
  tenant: string,
  options: QueryOptions = {},
): Promise<number> {
  const hot = await detectHotTenants(api, options);
  return hot.find((each) => each.tenant === tenant)?.shards ?? 1;
}

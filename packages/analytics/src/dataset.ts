import { optionError } from '@boost/core';

/** The part of an Analytics Engine binding that is used. */
export interface AnalyticsDataset {
  writeDataPoint(point: DataPoint): void;
}

/** One row of a dataset. */
export interface DataPoint {
  readonly indexes: string[];
  readonly blobs: string[];
  readonly doubles: number[];
}

/**
 * Most points that one invocation writes. The platform's documents have named 25 and 250.
 *
 * @see https://developers.cloudflare.com/analytics/analytics-engine/limits/
 */
export const MAX_POINTS = 25;
/** Longest index, in bytes. Same source. */
export const MAX_INDEX_BYTES = 96;

/** Where what the cache does is written to. */
export interface AnalyticsOptions {
  /** For one row per request and model: the binding of `cachePerformance`. */
  readonly dataset: AnalyticsDataset;
  /** For one row per invalidation: the binding of `cacheInvalidationEvents`. @defaultValue they are not written */
  readonly invalidations?: AnalyticsDataset;
  /** @defaultValue true */
  readonly enabled?: boolean;
}

/** @throws BoostError `BOOST_OPTION_INVALID` */
export function checkAnalyticsOptions(options: AnalyticsOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw optionError('analytics', options, 'give { dataset: env.CACHE_ANALYTICS, enabled: true }');
  }
  for (const [name, value] of Object.entries(options)) {
    if (['dataset', 'invalidations', 'enabled'].includes(name)) continue;
    throw optionError(`analytics.${name}`, value, 'there is no such option');
  }
  const { enabled = true, dataset, invalidations } = options;
  if (typeof enabled !== 'boolean') {
    throw optionError('analytics.enabled', enabled, 'give true or false');
  }
  if (!enabled) return;
  if (!isDataset(dataset)) {
    throw optionError(
      'analytics.dataset',
      dataset,
      'give the binding of [[analytics_engine_datasets]]',
    );
  }
  if (invalidations !== undefined && !isDataset(invalidations)) {
    throw optionError(
      'analytics.invalidations',
      invalidations,
      'give the binding of a second [[analytics_engine_datasets]], or leave it out',
    );
  }
}

function isDataset(value: unknown): boolean {
  return typeof (value as AnalyticsDataset | null | undefined)?.writeDataPoint === 'function';
}

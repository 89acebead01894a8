import type { Consistency } from '../epoch/authority.js';
import type { Granularity } from '../scope/scope.js';

export type AccountTier = 'free' | 'pro';

export interface TierLimits {
  /** The finest; an authority that cannot afford it (KV: `row`) has its own. */
  readonly granularity: Granularity;
  readonly consistency: Consistency;
  /** Operations of a bulk invalidation that run at once: deletes from the store. */
  readonly bulkConcurrency: number;
  /** Most rows of a bulk write whose images are read. */
  readonly maxBulkRows: number;
  /** Larger results are not cached, in bytes of the stored entry. */
  readonly maxValueBytes: number;
}

/** What the tiers allow; the figures are those of the product page. */
export const TIER_LIMITS: Readonly<Record<AccountTier, TierLimits>> = {
  free: {
    granularity: 'model',
    consistency: 'eventual',
    bulkConcurrency: 3,
    maxBulkRows: 150,
    maxValueBytes: 10 * 1024,
  },
  pro: {
    granularity: 'field',
    consistency: 'session',
    bulkConcurrency: 6,
    maxBulkRows: 600,
    maxValueBytes: 128 * 1024,
  },
};

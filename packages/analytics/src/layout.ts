/**
 * The columns of both datasets, in this one place. `blob1` names the kind of row and the version of its layout; a layout that changes gets
 * another version, so that queries tell old rows from new ones. The positions which the product page's SQL names are among
 * them: `double2`, `double5`, `double9`, `blob3` and `index1` of invalidations.
 */

/** `cachePerformance`: reads of one model (and tenant) in one request. `index1` is the model. */
export const READS_KIND = 'reads/1';

/** Doubles of a `reads` row by position, from 1. All are sums but the last of them. */
export const READS = {
  hitsMemory: 1,
  hitsL1: 2,
  hitsL2: 3,
  stale: 4,
  misses: 5,
  bypasses: 6,
  /** Of all these, the reads that joined another one. */
  coalesced: 7,
  /** Milliseconds. */
  databaseSavedMs: 8,
  databaseSpentMs: 9,
  /** Characters of results. */
  sizeFromCache: 10,
  sizeFromDatabase: 11,
  missesAbsent: 12,
  missesExpired: 13,
  missesInvalidated: 14,
  /** Of these, the ones after which the database said what the entry held. */
  needless: 15,
  bypassesTransaction: 16,
  /** As the application wants it: options of the client, the model or the query, a missing tenant. */
  bypassesAsked: 17,
  /** The store or the authority failed. */
  bypassesFailed: 18,
  /** The monthly budget is spent. */
  bypassesBudget: 19,
  /** Milliseconds that the database took for the slowest read; the greatest, not a sum. */
  slowestMs: 20,
} as const;

/** Blobs of a `reads` row by position. */
export const READS_BLOBS = {
  kind: 1,
  /** Empty where there is none. */
  tenant: 2,
  /** Of the last read that went past the cache. */
  bypassReason: 3,
  /** Operation of the slowest read. */
  slowestAction: 4,
} as const;

/** `cachePerformance`: what one request asked of the store. `index1` is `*`. */
export const STORE_KIND = 'store/1';

/** Doubles of a `store` row by position: billed operations, and US dollars for them. */
export const STORE = { reads: 1, writes: 2, lists: 3, deletes: 4, failed: 5, costUsd: 6 } as const;

/** `cacheInvalidationEvents`: one invalidation. `index1` is the model that was written. */
export const WRITE_KIND = 'write/1';
/**
 * `cacheInvalidationEvents`: one model that a write invalidated, itself included. `index1` is `Post>Comment`, so that rows of writes are
 * counted, and sampled, by themselves; `double1` counts, and every other double is 0.
 */
export const PAIR_KIND = 'pair/1';

/** Doubles of a row of invalidations by position. Sums but the last three, which are the greatest of one invalidation. */
export const INVALIDATION = {
  /** 1, or more where a request had more invalidations than it may write rows. */
  invalidations: 1,
  deleted: 2,
  scopes: 3,
  puts: 4,
  lists: 5,
  deletes: 6,
  reads: 7,
  /** Rows that were known one by one. */
  rows: 8,
  costUsd: 9,
  incomplete: 10,
  /** Those that met a cap or a budget. */
  exceeded: 11,
  /** Those that invalidated more than changed, or deleted less than became invalid. */
  fallbacks: 12,
  mostRows: 13,
  mostDeletes: 14,
  mostLists: 15,
} as const;

/** Blobs of a row of invalidations by position. */
export const INVALIDATION_BLOBS = {
  kind: 1,
  fallbackReason: 2,
  /** `1` where a cap or a budget was met, else `0`. */
  exceeded: 3,
  mutatedModel: 4,
  /** Of a pair. */
  targetModel: 5,
  tenant: 6,
} as const;

/** Stands for all models where there is none or more than fit. */
export const ALL = '*';

/** Header of a request that is answered by a plain Prisma client, without Boost, over the same database. */
export const PLAIN_HEADER = 'x-plain-client';

/** Header in which the worker reports on the request, as `encodeURIComponent(JSON.stringify(report))`. */
export const REPORT_HEADER = 'x-report';

/** Path at which the worker reports on all requests so far. */
export const TOTALS_PATH = '/totals';

/** What the client did in one request. */
export interface Report {
  readonly reads: readonly ReadReport[];
  readonly invalidations: readonly InvalidationReport[];
  /** Statements that reached D1. */
  readonly statements: number;
  readonly milliseconds: number;
}

export interface ReadReport {
  /** `hit-memory`, `hit-l1`, `hit-l2`, `stale`, `miss` or `bypass`. */
  readonly status: string;
  /** Why it was not a hit. */
  readonly reason?: string | undefined;
  /** Shared the answer of another request that was under way. */
  readonly coalesced: boolean;
  readonly scopes: readonly string[];
}

export interface InvalidationReport {
  readonly model: string;
  readonly scopes: readonly string[];
  /** Rows, where the level tells rows apart; else the model. */
  readonly affected: readonly string[];
}

/** Operations on KV, as Cloudflare bills them. */
export interface StoreCount {
  /** Keys: a bulk read is billed per key. */
  reads: number;
  writes: number;
  deletes: number;
  lists: number;
}

/** What the isolate did since it started. */
export interface Totals {
  readonly store: StoreCount;
  /** Promises given to `waitUntil` that are still under way. */
  readonly pending: number;
  /** Failures of the cache that `onError` was told. */
  readonly errors: number;
}

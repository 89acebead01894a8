import type { Consistency, Session } from '../epoch/authority.js';
import type {
  Args,
  ImageReader,
  ReadOperation,
  WriteOperation,
  WriteRunner,
} from '../plan/plan.js';
import type { Scope } from '../scope/scope.js';
import type { AffectedRow } from './affected.js';

/** How one read is cached. `false`: not at all. */
export interface CacheStrategy {
  /** Seconds for which an entry is fresh unless a write makes it wrong. */
  readonly ttl?: number;
  /** Seconds after `ttl` in which what only time has made old may still be served while it is revalidated. @defaultValue 0 */
  readonly swr?: number;
  /** Labels to invalidate by: letters, digits and `_`, at most 64 characters, at most 5. */
  readonly tags?: readonly string[];
}

/** Who reads or writes, and in which session. */
export interface CallContext {
  /** undefined: the application has no tenants; null: explicitly none. */
  readonly tenant: string | null | undefined;
  /** Results are private to this user unless every model read is declared shared. */
  readonly user: string | undefined;
  readonly session: Session;
}

export interface ReadCall {
  readonly operation: ReadOperation;
  readonly strategy: CacheStrategy | false;
  readonly consistency?: Consistency;
  readonly context: CallContext;
  /**
   * What else decides the result and is not in the arguments: result shape of a fluent call, `needs` of result extensions.
   * Part of the key.
   */
  readonly variant?: readonly string[];
  /** Why the database has to answer whatever the cache holds (a transaction, an unknown inner extension): nothing is stored either. */
  readonly bypass?: string;
  /** Asks the database with these arguments. */
  execute(args: Args): Promise<unknown>;
}

export type ReadStatus = 'hit-memory' | 'hit-l1' | 'hit-l2' | 'stale' | 'miss' | 'bypass';

export interface ReadInfo {
  readonly status: ReadStatus;
  /** Why, when it was not a hit. */
  readonly reason?: string;
  /** Digest that names the entry; absent when no key could be made. */
  readonly key?: string;
  /** Age of the answer in milliseconds since its database read began; 0 for a miss. */
  readonly ageMs: number;
  /** Joined another read of this isolate that was under way. */
  readonly coalesced: boolean;
  readonly scopes: readonly Scope[];
}

export interface ReadOutcome {
  readonly result: unknown;
  readonly info: ReadInfo;
}

export interface WriteCall {
  readonly operation: WriteOperation;
  readonly context: CallContext;
  /** Collects the invalidations of an interactive transaction until its outermost commit; absent outside of one. */
  readonly transaction?: TransactionScope;
  /** How the operation reaches the database. */
  readonly runner: WriteRunner;
}

/**
 * The invalidations of one interactive transaction, its nested ones included: nothing is bumped until `committed`, which is for
 * the outermost commit alone; an unknown outcome counts as committed. Each resolves when the bumps are made. What arrives
 * afterwards (a write that was not awaited) is bumped at once.
 */
export interface TransactionScope {
  committed(): Promise<void>;
  rolledBack(): Promise<void>;
  unknown(): Promise<void>;
}

/** What a write invalidated, as `onInvalidate` tells it (the product page's names). */
export interface InvalidationResult {
  /** Entries deleted from the store; 0 with the strategy `epoch`, which evicts logically. */
  readonly deleted: number;
  /**
   * True when a bump is not durable yet, so that readers elsewhere may see old values until their TTL; with the fallback
   * `allow-incomplete`, also when invalid entries were left in the store.
   */
  readonly incomplete: boolean;
  /** US dollars for the puts, deletes, lists and reads that it took, at the prices Cloudflare publishes for KV. */
  readonly costEstimate: number;
  readonly scopes: readonly Scope[];
  /** The rows that changed, and those that show the change through a relation. */
  readonly affected: readonly AffectedRow[];
  readonly details?: {
    /**
     * Why more was invalidated than changed, or less deleted than became invalid: `row-budget`, `put-budget`, `blind`,
     * `nested-keys`, `combined-keys`, `concurrent-writer`, `failed: …`; `max-lists`, `max-deletes`, `store-failed`, `budget`.
     */
    readonly fallbackReason?: string;
  };
}

export type InvalidateTarget =
  | { readonly kind: 'all' }
  | { readonly kind: 'model'; readonly model: string }
  | { readonly kind: 'where'; readonly model: string; readonly where: Args }
  | { readonly kind: 'tags'; readonly tags: readonly string[] };

/** A raw statement, with what the caller declared about it. */
export interface RawCall {
  /** The statement with placeholders for its values. */
  readonly text: string;
  /** Models that the statement changes, where the caller says so; the text is then not read. */
  readonly models?: readonly string[];
  readonly context: CallContext;
  readonly transaction?: TransactionScope;
  run(): Promise<unknown>;
}

/** What `$explain` tells of an operation. */
export interface Explanation {
  /** Digest that names the entry; absent for writes and where no key could be made. */
  readonly key?: string;
  /** Dependency set as far as the arguments tell it, or what the write may bump. */
  readonly scopes: readonly Scope[];
  /** Why the read is not cached, if it is not. */
  readonly reason?: string;
  /** Of a write: the rows that it may change, and those that show the change through a relation. */
  readonly affected?: readonly AffectedRow[];
}

/**
 * The read and the write path over ports: store, authority, clock, randomness, `waitUntil`. Knows neither Prisma's client nor
 * Cloudflare.
 *
 * Every failure of the cache ends in the database answering; what the database throws reaches the caller unchanged.
 */
export interface Engine {
  /** @throws BoostError `BOOST_STRATEGY_INVALID`, `BOOST_MODEL_UNKNOWN` */
  read(call: ReadCall): Promise<ReadOutcome>;
  /** @throws BoostError `BOOST_MODEL_UNKNOWN`, `BOOST_WRITE_UNFENCED`; both before the database is touched */
  write(call: WriteCall): Promise<unknown>;
  /** @throws BoostError `BOOST_WRITE_UNFENCED` before the database is touched */
  raw(call: RawCall): Promise<unknown>;
  /** Begins to collect the invalidations of an interactive transaction. */
  transaction(context: CallContext): TransactionScope;
  /** @throws BoostError `BOOST_MODEL_UNKNOWN`, `BOOST_STRATEGY_INVALID` for ill-formed tags */
  invalidate(
    target: InvalidateTarget,
    context: CallContext,
    transaction?: TransactionScope,
  ): Promise<InvalidationResult>;
  /** Read-your-writes and monotonic reads hold within a session, as far as the authority promises them. */
  session(ticket?: string): Session;
  /** What a read depends on, or a write may bump, without running it. */
  explain(operation: ReadOperation | WriteOperation, context: CallContext): Explanation;
  /**
   * What a write would bump if it were made now: the rows that it is about are read, and nothing is written.
   *
   * @throws what the database throws
   */
  preview(operation: WriteOperation, images: ImageReader): Promise<Explanation>;
  /** Waits for what this engine started in the background (stores, retried bumps). */
  settled(): Promise<void>;
}

import type { Consistency, Session } from '../epoch/authority.js';
import type { Args, ReadOperation, WriteAction, WriteOperation } from '../plan/plan.js';
import type { Scope } from '../scope/scope.js';

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
  /** How the operation reaches the database: see `WriteRunner`. */
  run(action: WriteAction, args: Args): Promise<unknown>;
  findMany(model: string, args: Args): Promise<readonly Record<string, unknown>[]>;
}

/**
 * The invalidations of one interactive transaction. Nothing is bumped until `committed`; an unknown outcome counts as
 * committed.
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
  readonly incomplete: boolean;
  /** US dollars at Cloudflare's published prices. */
  readonly costEstimate: number;
  readonly scopes: readonly Scope[];
  readonly details?: { readonly fallbackReason?: string };
}

export type InvalidateTarget =
  | { readonly kind: 'all' }
  | { readonly kind: 'model'; readonly model: string }
  | { readonly kind: 'where'; readonly model: string; readonly where: Args }
  | { readonly kind: 'tags'; readonly tags: readonly string[] };

/** A raw statement: text, whether it returns rows, and what the caller declared about it. */
export interface RawCall {
  readonly kind: 'query' | 'execute';
  readonly text: string;
  readonly context: CallContext;
  readonly transaction?: TransactionScope;
  run(): Promise<unknown>;
}

/**
 * The read and the write path over ports: store, authority, clock, randomness, `waitUntil`. Knows neither Prisma's client nor
 * Cloudflare.
 *
 * Every failure of the cache ends in the database answering; what the database throws reaches the caller unchanged.
 */
export interface Engine {
  read(call: ReadCall): Promise<ReadOutcome>;
  write(call: WriteCall): Promise<unknown>;
  raw(call: RawCall): Promise<unknown>;
  transaction(context: CallContext): TransactionScope;
  invalidate(
    target: InvalidateTarget,
    context: CallContext,
    transaction?: TransactionScope,
  ): Promise<InvalidationResult>;
  session(ticket?: string): Session;
  /** Waits for what this engine started in the background (stores, retried bumps). */
  settled(): Promise<void>;
}

import type { Store } from '../adapter/store.js';
import type { Ports } from '../ports.js';
import type { Granularity, Scope } from '../scope/scope.js';

/**
 * Decides whether a cached entry is current. Two kinds exist: nonces under keys of the store (KV), and a sequence number
 * that orders all bumps of a tenant (coordinator, memory). The engine treats both alike:
 *
 * ```
 * read:   prefetchKeys → store.getMany([entry, ...prefetch]) → open → view.check(entry.stamp) → answered       hit
 *                        → view.capture() → database → answered; capture.stamp(all scopes) → store             miss
 * write:  begin(scopes that may change) → database → fence.commit(scopes that changed) | fence.abort() | fence.unknown(…)
 * ```
 *
 * Capture comes before the database is read: a fill that raced with a write carries the old state and is dead on arrival.
 */
export interface Authority {
  /** `kv`, `memory`, `coordinator`: for errors and reports. */
  readonly name: string;
  readonly granularity: Granularity;
  /** Most scopes of one entry; the dependency set is folded until it fits. */
  readonly maxScopes: number;
  /** A session: read-your-writes and monotonic reads hold within it. A ticket of an earlier session continues it; a bad one is ignored. */
  session(ticket?: string): Session;
  /** Why a read of these scopes cannot be cached in this context, when it cannot: neither store nor epochs are then asked. */
  refuses(read: ReadContext, scopes: readonly Scope[]): string | undefined;
  /** Keys of the store worth reading in the same round trip as the entry; empty where epochs do not live in the store. */
  prefetchKeys(read: ReadContext, scopes: readonly Scope[]): readonly string[];
  /** What this reader knows now. Throws `BOOST_STORE_*` when it cannot know: the reader then bypasses. */
  open(
    read: ReadContext,
    scopes: readonly Scope[],
    prefetched: ReadonlyMap<string, string | null>,
  ): MaybePromise<View>;
  /**
   * Whether this reader may be given what another reader of this isolate verified or fetched before this one began. Decided
   * without I/O from what the session and the isolate know: their own writes, the session's earlier answers. This is what lets
   * a reader join a flight that is older than itself; an authority that would have to ask says no.
   */
  allows(read: ReadContext, stamp: Stamp, times: ReadTimes): boolean;
  /** The session was given this answer, from the cache or from the database: what it reads later may not be older. */
  answered(read: ReadContext, answer: Answer): void;
  /**
   * The session was given an answer of the database that passed the cache by. Absent where reads are ordered for each query alone, which
   * such an answer has no part in.
   */
  passed?(context: AccessContext): void;
  /**
   * Announces a write before the database is touched.
   *
   * @throws BoostError `BOOST_WRITE_UNFENCED` where the write must not happen unannounced; whatever else fails is kept by the
   * fence, which then reports `incomplete`
   */
  begin(write: WriteContext, scopes: readonly Scope[]): Promise<Fence>;
}

/** A promise only where something has to be asked, so that what is known costs no turn of the event loop. */
export type MaybePromise<Value> = Value | Promise<Value>;

export type Consistency = 'strong' | 'session' | 'eventual';

/** Who asks. `tenant` null: explicitly no tenant; undefined: the application has no tenants. */
export interface AccessContext {
  readonly tenant: string | null | undefined;
  readonly session: Session;
}

export interface ReadContext extends AccessContext {
  /** Digest that names the query: monotonic reads hold per query. */
  readonly key: string;
  readonly consistency: Consistency;
  readonly signal?: AbortSignal;
}

export interface WriteContext extends AccessContext {
  /** Unique per write; a retry of the same step carries the same id. */
  readonly id: string;
  /** How long the database may take to decide, in milliseconds, counted from `begin`. */
  readonly deadlineMs: number;
}

/** Opaque to the engine. */
export interface Session {
  /** Continues this session in another request, isolate or colo: ASCII, at most 2 KB, holds hashes and no names. */
  ticket(): string;
}

/** When the database was read, in milliseconds of the isolate's clock. */
export interface ReadTimes {
  readonly startMs: number;
  readonly endMs: number;
}

/** What an entry carries as the proof of its freshness. JSON; only the authority that made it understands it. */
export type Stamp = readonly unknown[];

export interface Answer {
  /** Null when the answer was not, or not yet, put under a stamp. */
  readonly stamp: Stamp | null;
  /** The same object where the same answer is told again, with its stamp. */
  readonly times: ReadTimes;
  /** The database was asked by this isolate, whose clock the times are of. @defaultValue false */
  readonly isLocal?: boolean;
}

/** What an authority takes from the engine it works for. */
export interface AuthorityHost {
  readonly ports: Ports;
  /** The engine's own store, for an authority whose epochs live there. */
  readonly store: Store;
  /** Tells `onError`; once per failure. */
  report(error: unknown, operation: string): void;
}

/** An authority, or how to make the one of an engine. */
export type AuthoritySource = Authority | ((host: AuthorityHost) => Authority);

export type Verdict =
  | { readonly kind: 'valid' }
  /** Something in the dependency set was bumped, or that cannot be excluded. The entry may be filled again. */
  | { readonly kind: 'stale'; readonly scope?: Scope }
  | Bypass;

/** A write is under way, or the authority lost its memory: ask the database and do not fill. */
export interface Bypass {
  readonly kind: 'bypass';
  readonly reason: string;
}

export interface View {
  /** Whether an entry with this stamp, filled at these times, is current. May ask for epochs of scopes only the entry knows. */
  check(stamp: Stamp, times: ReadTimes): MaybePromise<Verdict>;
  /** What a database read that begins now may be stored under. */
  capture(): Capture | Bypass;
}

export interface Capture {
  readonly kind: 'capture';
  /**
   * The stamp for an entry with this dependency set, asked after the database has answered; null when the entry must not be
   * stored (a scope known only from the result was bumped too recently, or a fence covers it).
   */
  stamp(scopes: readonly Scope[], times: ReadTimes): MaybePromise<Stamp | null>;
}

export interface BumpReport {
  /** Scopes that were bumped. */
  readonly scopes: readonly Scope[];
  /** Writes to the backend that this took. */
  readonly puts: number;
  /** True when a bump could not be made durable (yet): readers elsewhere may see old values until their TTL. */
  readonly incomplete: boolean;
  /** Why coarser scopes were bumped than were asked for, when they were. */
  readonly reason?: string;
}

/** A write that was announced. Exactly one of `commit`, `abort`, `unknown` ends it. */
export interface Fence {
  /** Widens the fence before the database commits: the write turned out to change more. */
  extend(scopes: readonly Scope[]): Promise<void>;
  /** The database has committed: bumps. Resolves when later reads of this session, and of others as promised, are fresh. */
  commit(scopes: readonly Scope[]): Promise<BumpReport>;
  /** The database has certainly changed nothing. */
  abort(): Promise<void>;
  /** The database may or may not have committed, now or later: bumps now, and again when the deadline has passed where the authority can. */
  unknown(scopes: readonly Scope[]): Promise<BumpReport>;
}

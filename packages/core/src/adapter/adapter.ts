/**
 * What a cache store must do. An adapter is a plain object from a factory; it throws `BoostError`s with a `BOOST_STORE_*`
 * code and never hides a failure: only the engine decides to fall back.
 *
 * Values are strings of any Unicode text; keys are ASCII, at most `capabilities.maxKeyBytes` long and made by the engine.
 * Physical verbs only: `get`, `set`, `delete`, `list`. What is valid is decided by epochs, never by a delete.
 */
export interface CacheAdapter {
  /** Names the backend in errors and reports: `kv`, `cfcache`, `memory`. */
  readonly name: string;
  readonly capabilities: AdapterCapabilities;
  /**
   * The object that stands for the backend, the same for every adapter made over it (the KV binding itself). State that an
   * isolate shares between clients (own writes, flights in progress) hangs on it.
   *
   * @defaultValue the adapter object
   */
  readonly identity?: object;
  /**
   * Milliseconds that the engine lets a call take, where its own `operationTimeout` does not say: for stores that are further away
   * than most.
   *
   * @defaultValue the engine's own
   */
  readonly operationTimeout?: number;
  /** The value, or null when there is none or it has expired. A failure throws; it is never null. */
  get(key: string, options?: ReadOptions): Promise<string | null>;
  /**
   * As `get`, without waiting: only for what is in the memory of this isolate. The engine then answers a hit without a promise.
   * Undefined where `get` may know more: a nearer tier does not have it.
   *
   * @defaultValue the store has to be waited for
   */
  getNow?(key: string): string | null | undefined;
  /** Values by key, in one round trip where the store can; a key without value is null. All or nothing: throws if any failed. */
  getMany(keys: readonly string[], options?: ReadOptions): Promise<Map<string, string | null>>;
  /** Stores a value. Resolves when the store acknowledged it. */
  set(key: string, value: string, options: WriteOptions): Promise<void>;
  /** Removes a key; removing what is not there is no error. */
  delete(key: string, options?: CallOptions): Promise<void>;
  /** Removes keys, as many as the store takes at once. */
  deleteMany(keys: readonly string[], options?: DeleteManyOptions): Promise<DeleteManyResult>;
  /** Keys that begin with `prefix`, in ascending order of their UTF-8 bytes. May lag behind writes where the store does. */
  list(prefix: string, options?: ListOptions): Promise<ListResult>;
}

export interface AdapterCapabilities {
  /** Largest key in bytes of UTF-8. */
  readonly maxKeyBytes: number;
  /** Largest value in bytes of UTF-8. */
  readonly maxValueBytes: number;
  /** Shortest time to live the store takes, in seconds; the engine rounds up to it and checks expiry itself. 0: no minimum. */
  readonly minTtlSeconds: number;
  /** Most keys of one `getMany` that cost one round trip. The adapter splits longer lists itself. */
  readonly maxKeysPerGet: number;
  /**
   * `strong`: a read that begins after a write was acknowledged sees it, from everywhere.
   * `eventual`: elsewhere it may see older values for a while; own writes are then overlaid by the authority.
   */
  readonly consistency: 'strong' | 'eventual';
  /**
   * False where only this isolate or this data centre sees the store: such a store cannot carry epochs. Beyond one process it
   * needs an authority of its own, such as a coordinator.
   */
  readonly shared: boolean;
  /** Whether `list` works; where it does not, it rejects. */
  readonly list: boolean;
  /** How near the store is; of several tiers the farthest. */
  readonly tier: CacheTier;
}

/** This isolate, this data centre, everywhere. */
export type CacheTier = 'memory' | 'l1' | 'l2';

export interface CallOptions {
  /**
   * Aborts the call: nothing is begun once it has fired, and the adapter rejects with its reason where that is a `BoostError`,
   * else with `BOOST_STORE_TIMEOUT`.
   */
  readonly signal?: AbortSignal;
  /**
   * Told of what failed without failing the call: a nearer tier, where the store behind it answers.
   *
   * @defaultValue the call fails
   */
  readonly onTierError?: (error: unknown, operation: 'get' | 'set') => void;
}

export interface ReadOptions extends CallOptions {
  /**
   * Those of the keys that only the shared backend may answer for: epochs. A composition of stores skips its nearer tiers for
   * them; a store without tiers ignores this.
   */
  readonly authoritative?: readonly string[];
  /**
   * Keeps the request alive for work that the answer need not wait for: copies to a nearer tier.
   *
   * @defaultValue the answer waits for that work
   */
  readonly waitUntil?: (promise: Promise<unknown>) => void;
  /** A composition of stores notes which tier had the value of a key; a store without tiers ignores this. */
  readonly answeredBy?: Map<string, CacheTier>;
}

export interface WriteOptions extends CallOptions {
  /** Whole seconds until the value may disappear; at least `minTtlSeconds`, and at least 1. */
  readonly ttlSeconds: number;
  /** Only the shared backend takes the value: an epoch. A store without tiers ignores this. */
  readonly authoritative?: boolean;
}

export interface ListOptions extends CallOptions {
  /** Most keys returned. @defaultValue 1000 */
  readonly limit?: number;
  /** Continues where an earlier result ended. */
  readonly cursor?: string;
}

export interface ListResult {
  readonly keys: string[];
  /** Present when there are more keys. */
  readonly cursor?: string;
}

export interface DeleteManyOptions extends CallOptions {
  /** Most deletes at once, where the store takes one key at a time. @defaultValue what the store allows */
  readonly concurrency?: number;
}

export interface DeleteManyResult {
  readonly deleted: number;
  /** Keys that the store refused, with what it said. */
  readonly failed: ReadonlyMap<string, unknown>;
}

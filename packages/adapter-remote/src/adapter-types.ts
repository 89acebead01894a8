import type { CacheAdapter, CallOptions, ListOptions, ListResult, WriteOptions } from '@boost/core';

/** KV over the REST API: what every store does, and what KV does beyond it. */
export interface RemoteCloudflareAdapter extends CacheAdapter {
  set(key: string, value: string, options: RemoteWriteOptions): Promise<void>;
  /** Stores many values at once, up to 10,000 in a request. Of two entries with one key the last counts. */
  setMany(entries: readonly RemoteEntry[], options?: CallOptions): Promise<SetManyResult>;
  /** A value with what was stored beside it; null when there is none. */
  getWithMetadata(key: string, options?: CallOptions): Promise<ValueWithMetadata | null>;
  list(prefix: string, options?: ListOptions): Promise<RemoteListResult>;
}

export interface RemoteWriteOptions extends WriteOptions {
  /** JSON that lists show beside the key, at most 1,024 bytes. @defaultValue none */
  readonly metadata?: unknown;
}

export interface RemoteEntry {
  readonly key: string;
  readonly value: string;
  /** Whole seconds until the value disappears, at least 60. */
  readonly ttlSeconds: number;
  /** JSON that lists show beside the key, at most 1,024 bytes. @defaultValue none */
  readonly metadata?: unknown;
}

export interface SetManyResult {
  readonly stored: number;
  /** Keys that the store refused, with what it said. */
  readonly failed: ReadonlyMap<string, unknown>;
}

export interface ValueWithMetadata {
  readonly value: string;
  /** Null where none was stored. */
  readonly metadata: unknown;
}

export interface RemoteListResult extends ListResult {
  /** The same keys, with what the API tells of them. */
  readonly entries: readonly ListedKey[];
}

export interface ListedKey {
  readonly key: string;
  /** Seconds since 1970; undefined for a key that does not expire. */
  readonly expiration?: number;
  readonly metadata?: unknown;
}

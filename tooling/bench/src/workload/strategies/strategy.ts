import type { ReadOperation, WriteOperation } from '@boost/core';
import type { Tables } from '../tables.ts';
import type { Truth } from '../truth.ts';

/** An entry as a strategy stored it. */
export interface Entry {
  readonly key: string;
  readonly operation: ReadOperation;
  /** What the cache gives. */
  readonly result: unknown;
}

/** An entry that a write, or the clock, removed; with the scope that it was removed by, where there is one. */
export interface Drop {
  readonly entry: Entry;
  readonly cause?: string;
}

/** What a strategy has to work with. */
export interface World {
  readonly tables: Tables;
  readonly truth: Truth;
  /** Milliseconds since the first page. */
  nowMs(): number;
  /** A query that the strategy sends to the database beside the caller's writes. */
  countRead(): void;
}

/** A cache: which entries it has, and which of them survive a write. */
export interface Strategy {
  /** Where entries have scopes: of the entry that had most. On KV each is an epoch key. */
  readonly mostScopes?: number;
  /** The entry that answers the read; undefined where the database is asked, and its answer stored. */
  find(key: string, operation: ReadOperation): Entry | undefined | Promise<Entry | undefined>;
  /** Reads from the database and keeps the result. */
  fill(key: string, operation: ReadOperation): Promise<Entry>;
  /** Performs the write. */
  write(operation: WriteOperation): Promise<void>;
  /** What was removed since the last call. */
  takeDrops(): readonly Drop[];
}

import type { StoreEvent } from '../adapter/store.js';
import type { Scope } from '../scope/scope.js';
import type { AffectedRow } from './affected.js';
import type { InvalidationResult, ReadStatus } from './engine.js';

/** A read was answered. */
export interface ReadEvent {
  readonly type: 'read';
  readonly model: string;
  readonly action: string;
  /** Digest that names the entry; absent where no key could be made. */
  readonly key?: string;
  readonly status: ReadStatus;
  readonly reason?: string;
  readonly coalesced: boolean;
  /** What the answer depends on. */
  readonly scopes: readonly Scope[];
  /** Of the caller; null: explicitly none, undefined: the application has none. */
  readonly tenant: string | null | undefined;
  /** Milliseconds that the database took for the answer: saved by a hit, spent by a miss. */
  readonly databaseMs: number;
  /** Characters of the result as it is stored; 0 where nothing was read from a store or encoded for one. */
  readonly size: number;
  /** A miss by a write, after which the database said what the entry held: it need not have been invalidated. */
  readonly isNeedless: boolean;
}

/** A result was not stored. */
export interface SkipEvent {
  readonly type: 'skip';
  readonly model: string;
  readonly action: string;
  /** Digest that names the entry. */
  readonly key: string;
  /** `raced`: a write came between; the entry would have been dead on arrival. */
  readonly reason: 'too-large' | 'unsupported-value' | 'raced';
}

/** A write was followed by its bumps, and by the deletes that the policy wants. */
export interface InvalidateEvent {
  readonly type: 'invalidate';
  readonly model: string;
  readonly tenant: string | null | undefined;
  readonly scopes: readonly Scope[];
  /** The rows that changed, and those that show the change through a relation. */
  readonly affected: readonly AffectedRow[];
  /** Writes to the backend; billed. */
  readonly puts: number;
  /** Entries deleted. */
  readonly deleted: number;
  /** Deletes asked for, lists, and entries read to find the invalid ones; billed. */
  readonly deletes: number;
  readonly lists: number;
  readonly reads: number;
  readonly incomplete: boolean;
  /** US dollars. */
  readonly costEstimate: number;
  readonly fallbackReason?: string;
}

/** What happens in an engine, for analytics. Events carry names of models and fields, never a value. */
export type EngineEvent = ReadEvent | SkipEvent | InvalidateEvent | StoreEvent;

export interface EngineHooks {
  /**
   * After each write, with the model it was about (`*` where a raw statement does not tell). Before the caller has the write's
   * result, but where entries are deleted first: then in the background.
   */
  readonly onInvalidate?: (model: string, result: InvalidationResult) => void;
  /**
   * Once per failure of the cache; the database has answered all the same.
   *
   * @param operation - `get`, `set`, `epoch`, `bump`, `fence`, `plan`, `key`, `encode`, `decode`, `revalidate`, `delete`, and
   *   `hook` for a hook of the application that threw or rejected
   */
  readonly onError?: (error: unknown, operation: string) => void;
  readonly onEvent?: (event: EngineEvent) => void;
}

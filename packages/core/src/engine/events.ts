import type { StoreEvent } from '../adapter/store.js';
import type { Scope } from '../scope/scope.js';
import type { InvalidationResult, ReadStatus } from './engine.js';

/** A read was answered. */
export interface ReadEvent {
  readonly type: 'read';
  readonly model: string;
  readonly action: string;
  readonly status: ReadStatus;
  readonly reason?: string;
  readonly coalesced: boolean;
  /** What the answer depends on. */
  readonly scopes: readonly Scope[];
}

/** A result was not stored. */
export interface SkipEvent {
  readonly type: 'skip';
  readonly model: string;
  readonly action: string;
  /** `raced`: a write came between; the entry would have been dead on arrival. */
  readonly reason: 'too-large' | 'unsupported-value' | 'raced';
}

/** A write was followed by its bumps. */
export interface InvalidateEvent {
  readonly type: 'invalidate';
  readonly model: string;
  readonly scopes: readonly Scope[];
  /** Writes to the backend; billed. */
  readonly puts: number;
  readonly incomplete: boolean;
}

/** What happens in an engine, for analytics. Events carry names of models and fields, never a value. */
export type EngineEvent = ReadEvent | SkipEvent | InvalidateEvent | StoreEvent;

export interface EngineHooks {
  /** After each write, with the model it was about (`*` where a raw statement does not tell). */
  readonly onInvalidate?: (model: string, result: InvalidationResult) => void;
  /**
   * Once per failure of the cache; the database has answered all the same.
   *
   * @param operation - `get`, `set`, `epoch`, `bump`, `decode`, `revalidate`, `hook`
   */
  readonly onError?: (error: unknown, operation: string) => void;
  readonly onEvent?: (event: EngineEvent) => void;
}

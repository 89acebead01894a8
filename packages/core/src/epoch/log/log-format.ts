import type { ScopeHashes } from './scope-hash.js';

/** A place in a log: two numbers can be compared only within one incarnation. */
export interface LogPosition {
  readonly incarnation: string;
  readonly seq: number;
}

/** Whether a copy, or a log, that has got to one place has got to the other. Across incarnations nobody can tell. */
export function hasReached(at: LogPosition | undefined, wanted: LogPosition): boolean {
  return at?.incarnation === wanted.incarnation && at.seq >= wanted.seq;
}

/** Which models' writes are ordered by logs of their own. It holds for one incarnation of the log that tells it. */
export interface ModelGroups {
  /** Of two, the greater counts: 1 or more. */
  readonly version: number;
  /** The models of each log; those in none stay with the log that tells this. */
  readonly groups: readonly (readonly string[])[];
}

/** What happened in a log, in the order of `seq`; several events never share one. */
export type LogEvent =
  | {
      /** A write was announced, or announced to change more: `hashes` is all that it may change. */
      readonly kind: 'opened';
      readonly seq: number;
      readonly id: string;
      readonly hashes: ScopeHashes;
    }
  | {
      readonly kind: 'bumped';
      readonly seq: number;
      readonly id: string;
      readonly hashes: ScopeHashes;
      /** False for an unknown outcome, whose fence stays. */
      readonly closes: boolean;
    }
  | { readonly kind: 'aborted'; readonly seq: number; readonly id: string };

/** What a copy of a log lacks. */
export interface LogDelta extends LogPosition {
  /** `events` hold every bump after this number. */
  readonly from: number;
  readonly events: readonly LogEvent[];
  /** All writes under way at `seq`; absent where `events` tell what has changed since `from`. */
  readonly fences?: readonly (readonly [id: string, hashes: ScopeHashes])[];
  /**
   * Milliseconds for which nothing may be answered from a cache or filled: the log is new, or has lost its memory, and with it the
   * writes that were under way.
   */
  readonly quietMs: number;
  /** @defaultValue this log orders the writes of all models */
  readonly groups?: ModelGroups;
}

/** What is asked about an entry that a copy of the log does not reach back to. */
export interface EntryQuestion {
  readonly seq: number;
  readonly hashes: ScopeHashes;
}

export type EntryVerdict = 'valid' | 'stale' | 'bypass';

/** One write as it is stored: from its announcement on, in one row that its end replaces. */
export interface LogRow {
  /** The sequence number at which the row was first written: its name. */
  readonly key: number;
  readonly id: string;
  /** While the write is under way. */
  readonly fence?: { readonly hashes: ScopeHashes; readonly deadlineAtMs: number };
  /** What it bumped, and when; absent while it has bumped nothing. */
  readonly bump?: { readonly seq: number; readonly hashes: ScopeHashes };
}

/** The bumps of many writes, the last of each scope. */
export interface LogSegment {
  readonly key: number;
  readonly hashes: ScopeHashes;
  readonly seqs: Float64Array;
}

export interface LogHead {
  readonly format: 1;
  readonly incarnation: string;
  /** Entries that captured a lower number are stale: what was bumped since then is partly forgotten. */
  readonly floor: number;
  /** No greater sequence number was ever given out. */
  readonly reserved: number;
  readonly quietUntilMs: number;
  readonly groups?: ModelGroups;
}

/** A log as it was stored. */
export interface SavedLog {
  readonly head: LogHead;
  readonly rows: Iterable<LogRow>;
  readonly segments: Iterable<LogSegment>;
}

/**
 * Where a log is stored. What is called between two turns of the event loop is stored as a whole or not at all, and nothing that
 * the log then says may leave before it is.
 */
export interface Journal {
  saveHead(head: LogHead): void;
  saveRow(row: LogRow): void;
  removeRow(key: number): void;
  saveSegment(segment: LogSegment): void;
  removeSegment(key: number): void;
}

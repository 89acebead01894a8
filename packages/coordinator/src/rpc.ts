import type {
  EntryQuestion,
  EntryVerdict,
  LogDelta,
  LogPosition,
  ModelGroups,
  ScopeHashes,
} from '@boost/core';
import type { Placement } from './client/namespace.js';

/** What the Durable Object answers: the protocol between isolates, which may run different versions of the packages. */
export interface CoordinatorRpc {
  sync(since?: LogPosition): Promise<LogDelta>;
  check(incarnation: string, entries: readonly EntryQuestion[]): Promise<CheckReply>;
  begin(
    id: string,
    hashes: ScopeHashes,
    deadlineMs: number,
    since?: LogPosition,
  ): Promise<LogDelta>;
  commit(id: string, hashes: ScopeHashes, since?: LogPosition): Promise<LogDelta>;
  abort(id: string): Promise<void>;
  regroup(groups: ModelGroups, since?: LogPosition): Promise<LogDelta>;
  unknown(
    id: string,
    hashes: ScopeHashes,
    deadlineMs: number,
    since?: LogPosition,
  ): Promise<LogDelta>;
}

export interface CheckReply extends LogPosition {
  readonly verdicts: readonly EntryVerdict[];
}

/** What an object answers in the place of its primary. All numbers are the primary's. */
export interface RelayRpc {
  /**
   * What the caller's copy lacks. Without an allowance the relay asks its primary after it was called; several callers share a call
   * that begins after all of them.
   */
  relaySync(
    route: RelayRoute,
    since?: LogPosition,
    allowance?: RelayAllowance,
  ): Promise<RelayDelta>;
  /** Whether entries are current, by a copy that is no older than the caller's; of what it does not reach back to the primary is asked. */
  relayCheck(
    route: RelayRoute,
    incarnation: string,
    entries: readonly EntryQuestion[],
    callers: LogPosition,
  ): Promise<CheckReply>;
}

/** How a relay finds its primary: its own name tells the primary's, and which of the worker's bindings made it. */
export interface RelayRoute {
  readonly name: string;
  /** The primary's. */
  readonly placement: Placement;
}

/** When a relay may answer from what it has. */
export interface RelayAllowance {
  /** It asked its primary no longer ago than so many milliseconds, */
  readonly maxAgeMs: number;
  /** and has got as far as these. */
  readonly positions: readonly LogPosition[];
}

export interface RelayDelta extends LogDelta {
  /** Whether the primary was asked after the relay was. */
  readonly isCurrent: boolean;
  /** Milliseconds since the relay asked the primary for what this is from. */
  readonly ageMs: number;
}

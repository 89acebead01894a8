import type { EntryQuestion, EntryVerdict, LogDelta, LogPosition, ScopeHashes } from '@boost/core';

/** What the Durable Object answers: the protocol between isolates, which may run different versions of the packages. */
export interface CoordinatorRpc {
  sync(since?: LogPosition): Promise<LogDelta>;
  check(incarnation: string, entries: readonly EntryQuestion[]): Promise<CheckReply>;
  begin(id: string, hashes: ScopeHashes, deadlineMs: number): Promise<void>;
  commit(id: string, hashes: ScopeHashes, since?: LogPosition): Promise<LogDelta>;
  abort(id: string): Promise<void>;
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

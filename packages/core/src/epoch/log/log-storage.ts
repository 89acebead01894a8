import type { BumpTable } from './bump-table.js';
import type { Journal, LogHead, LogRow, LogSegment } from './log-format.js';
import type { ScopeHash, ScopeHashes } from './scope-hash.js';

type Bump = NonNullable<LogRow['bump']>;

/** So many ended writes are merged at once. */
const ROWS_TO_MERGE = 1_000;
/** Scopes of a segment: 64 KiB, half of what a key-value-backed Durable Object stores under one key. */
const SCOPES_IN_SEGMENT = 4_096;
/** 32 MiB. A scope that is bumped again and again is in many of them. */
const MAX_SEGMENTS = 512;

/**
 * What a log has stored: a row for each write until a thousand have ended, which then become segments that hold the last bump of
 * each scope. Two rows are written for each write, and one removed.
 */
export class LogStorage {
  readonly #journal: Journal;
  /** Writes that have ended, by the key of their row. */
  readonly #ended = new Map<number, Bump>();
  /** The last sequence number of each segment, oldest segment first. */
  readonly #segments = new Map<number, number>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  restore(rows: Iterable<LogRow>, segments: Iterable<LogSegment>): void {
    for (const { key, seqs } of segments) this.#segments.set(key, seqs.at(-1) ?? 0);
    for (const { key, fence, bump } of rows) {
      if (fence === undefined && bump !== undefined) this.#ended.set(key, bump);
    }
  }

  /** Every bump after this number is in a row of its own. */
  get mergedTo(): number {
    return Math.max(0, ...this.#segments.values());
  }

  get isMergeDue(): boolean {
    return this.#ended.size >= ROWS_TO_MERGE;
  }

  saveHead(head: LogHead): void {
    this.#journal.saveHead(head);
  }

  saveRow(row: LogRow): void {
    this.#journal.saveRow(row);
    if (row.fence === undefined && row.bump !== undefined) this.#ended.set(row.key, row.bump);
  }

  removeRow(key: number): void {
    this.#journal.removeRow(key);
  }

  /** Removes what says nothing about bumps after `floor`. */
  forget(floor: number): void {
    for (const [key, { seq }] of this.#ended) {
      if (seq > floor) continue;
      this.#ended.delete(key);
      this.#journal.removeRow(key);
    }
    for (const [key, seq] of this.#segments) {
      if (seq > floor) break;
      this.#segments.delete(key);
      this.#journal.removeSegment(key);
    }
  }

  /** Merges the rows of writes that have ended; returns the floor that the number of segments forces, 0 for none. */
  merge(table: BumpTable): number {
    const hashes: ScopeHash[] = [];
    const seqs: number[] = [];
    for (const { seq, hashes: bumped } of [...this.#ended.values()].sort(bySeq)) {
      for (const hash of bumped) {
        // What was bumped again is told by the later row.
        if (table.get(hash) !== seq) continue;
        hashes.push(hash);
        seqs.push(seq);
      }
    }
    let key = Math.max(0, ...this.#segments.keys());
    for (let start = 0; start < hashes.length; start += SCOPES_IN_SEGMENT) {
      key += 1;
      const end = start + SCOPES_IN_SEGMENT;
      this.#saveSegment(key, Float64Array.from(hashes.slice(start, end)), seqs.slice(start, end));
    }
    for (const rowKey of this.#ended.keys()) this.#journal.removeRow(rowKey);
    this.#ended.clear();
    return this.#excess();
  }

  #saveSegment(key: number, hashes: ScopeHashes, seqs: readonly number[]): void {
    this.#journal.saveSegment({ key, hashes, seqs: Float64Array.from(seqs) });
    this.#segments.set(key, seqs.at(-1) ?? 0);
  }

  #excess(): number {
    const seqs = [...this.#segments.values()];
    return seqs[seqs.length - MAX_SEGMENTS - 1] ?? 0;
  }
}

function bySeq(a: Bump, b: Bump): number {
  return a.seq - b.seq;
}

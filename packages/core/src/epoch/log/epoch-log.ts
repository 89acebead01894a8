import type { Clock } from '../../ports.js';
import { Recent } from '../../recent.js';
import { BumpTable } from './bump-table.js';
import { EventHistory } from './event-history.js';
import { FenceSet } from './fence-set.js';
import type {
  EntryQuestion,
  EntryVerdict,
  Journal,
  LogDelta,
  LogEvent,
  LogPosition,
  LogRow,
  ModelGroups,
  SavedLog,
} from './log-format.js';
import { LogStorage } from './log-storage.js';
import type { ScopeHash, ScopeHashes } from './scope-hash.js';

export interface EpochLogOptions {
  readonly clock: Clock;
  /** @defaultValue nowhere: the log lives as long as this object */
  readonly journal?: Journal;
  /** Most scopes whose last bump is remembered. @defaultValue 1_000_000 */
  readonly maxScopes?: number;
}

/** A write that was announced and has not ended. */
interface OpenWrite {
  readonly key: number;
  readonly deadlineAtMs: number;
  readonly bump?: LogRow['bump'];
}

const DEFAULT_MAX_SCOPES = 1_000_000;
/** Of the scopes, the share that is forgotten when there are too many. */
const FORGOTTEN_SHARE = 0.25;
/** Hashes of events kept for copies that have fallen behind: 0.8 MB. */
const MAX_HISTORY = 100_000;
/** Hashes that a new copy is told of the past: 32 KB. */
const MAX_PAST = 4_000;
/** Sequence numbers reserved at once: a restart skips at most so many. */
const RESERVED = 1_000;
const REMEMBERED_ENDS = 10_000;

/**
 * The order of a set of writes: one sequence number, the last number at which each scope was bumped, the writes under way, and a
 * floor below which everything is invalid. The coordinator is this with storage and a network round it.
 *
 * - A write is announced before it can change anything and counts as under way until its end, or its deadline, is told.
 * - `commit` carries its scopes and bumps even when the write is closed or was never announced; only its repeat is ignored.
 * - A write that is not heard of is closed with a bump at its deadline. After an unknown outcome it is bumped at once and again then.
 */
export class EpochLog {
  /** Changes when the log's memory was lost: positions in another incarnation prove nothing. */
  readonly incarnation: string;
  /** Which models have logs of their own; it changes with the incarnation. */
  readonly groups: ModelGroups | undefined;
  readonly #clock: Clock;
  readonly #storage: LogStorage | undefined;
  readonly #maxScopes: number;
  readonly #table = new BumpTable();
  readonly #fences = new FenceSet();
  readonly #open = new Map<string, OpenWrite>();
  readonly #ended = new Recent<'committed' | 'aborted'>(REMEMBERED_ENDS);
  readonly #history: EventHistory;
  readonly #quietUntilMs: number;
  /** No open write has an earlier deadline. */
  #nextDeadlineMs = Infinity;
  #seq: number;
  #reserved: number;
  #floor: number;

  private constructor(saved: SavedLog, options: EpochLogOptions) {
    const { head } = saved;
    const { clock, journal, maxScopes = DEFAULT_MAX_SCOPES } = options;
    this.incarnation = head.incarnation;
    this.groups = head.groups;
    this.#clock = clock;
    this.#storage = journal === undefined ? undefined : new LogStorage(journal);
    this.#maxScopes = maxScopes;
    this.#quietUntilMs = head.quietUntilMs;
    this.#reserved = head.reserved;
    this.#floor = head.floor;
    // What was given out beyond what is stored (aborts) must not be given out again.
    this.#seq = head.reserved;
    const bumps = this.#restore(saved);
    const bumpsFrom = Math.max(this.#floor, this.#storage?.mergedTo ?? 0);
    const recent = bumps.filter(({ seq }) => seq > bumpsFrom).sort((a, b) => a.seq - b.seq);
    this.#history = new EventHistory(MAX_HISTORY, recent, bumpsFrom, this.#seq);
  }

  /**
   * A log without a past.
   *
   * @param quietMs - milliseconds for which readers bypass and do not fill: longer than a write may be under way, since this log may
   *   replace one whose open writes nobody knows any more
   */
  static create(
    incarnation: string,
    quietMs: number,
    options: EpochLogOptions,
    groups?: ModelGroups,
  ): EpochLog {
    const quietUntilMs = quietMs === 0 ? 0 : options.clock.now() + quietMs;
    const grouped = groups === undefined ? {} : { groups };
    const head = {
      format: 1,
      incarnation,
      floor: 0,
      reserved: 0,
      quietUntilMs,
      ...grouped,
    } as const;
    options.journal?.saveHead(head);
    return new EpochLog({ head, rows: [], segments: [] }, options);
  }

  /** The log as it was stored. */
  static restore(saved: SavedLog, options: EpochLogOptions): EpochLog {
    return new EpochLog(saved, options);
  }

  /** Whatever committed at or before this number is in what a database read that begins now returns. */
  get seq(): number {
    return this.#seq;
  }

  get scopeCount(): number {
    return this.#table.size;
  }

  /** When `maintain` has something to do, in milliseconds of the clock; undefined while it has not. */
  get dueAtMs(): number | undefined {
    if (this.#storage?.isMergeDue === true) return this.#clock.now();
    return this.#open.size === 0 ? undefined : this.#nextDeadlineMs;
  }

  /** False: the position is of this log's future, so that its storage was set back. */
  isOfPast({ incarnation, seq }: LogPosition): boolean {
    return incarnation !== this.incarnation || seq <= this.#seq;
  }

  /** Announces a write, or that it may change more, for `deadlineMs` from now. */
  begin(id: string, hashes: ScopeHashes, deadlineMs: number): void {
    this.#closeOverdue();
    // A repeat that was overtaken.
    if (this.#ended.get(id) !== undefined) return;
    this.#announce(id, hashes, deadlineMs);
  }

  /** The database has committed. */
  commit(id: string, hashes: ScopeHashes): void {
    this.#closeOverdue();
    if (this.#ended.get(id) === 'committed') return;
    this.#ended.set(id, 'committed');
    const earlier = this.#open.get(id)?.bump?.hashes ?? [];
    this.#close(id, Float64Array.from(new Set([...earlier, ...hashes])));
  }

  /** The database has certainly changed nothing. */
  abort(id: string): void {
    this.#closeOverdue();
    if (this.#ended.get(id) !== undefined) return;
    this.#ended.set(id, 'aborted');
    this.#close(id, this.#open.get(id)?.bump?.hashes ?? new Float64Array());
  }

  /** The database may have committed, or may still: bumps now, and again at the deadline, until which the fence stands. */
  unknown(id: string, hashes: ScopeHashes, deadlineMs: number): void {
    this.#closeOverdue();
    if (this.#ended.get(id) === 'committed') return;
    const { all, write, deadlineAtMs } = this.#announce(id, hashes, deadlineMs);
    const bump = { seq: this.#next(), hashes: all };
    this.#open.set(id, { ...write, bump });
    this.#storage?.saveRow({ key: write.key, id, fence: { hashes: all, deadlineAtMs }, bump });
    this.#bump(id, bump, false);
  }

  /** Whether a write under way may change any of the scopes. */
  isPending(hashes: Iterable<ScopeHash>): boolean {
    this.#closeOverdue();
    return this.#fences.covers(hashes);
  }

  /** Whether an entry that captured `seq` is current. */
  check({ seq, hashes }: EntryQuestion): EntryVerdict {
    if (this.#quietMs() > 0 || this.isPending(hashes)) return 'bypass';
    if (seq < this.#floor || seq > this.#seq) return 'stale';
    return hashes.every((hash) => this.#table.get(hash) <= seq) ? 'valid' : 'stale';
  }

  /** What a copy lacks that has got this far; of a copy that is too old, or new, the recent past. */
  delta(since?: LogPosition): LogDelta {
    this.#closeOverdue();
    const { incarnation, groups } = this;
    const grouped = groups === undefined ? {} : { groups };
    const common = { incarnation, seq: this.#seq, quietMs: this.#quietMs(), ...grouped };
    const isKnown = since !== undefined && since.incarnation === incarnation;
    if (isKnown && since.seq >= this.#history.from) {
      return { ...common, from: since.seq, events: this.#history.since(since.seq) };
    }
    const fences = [...this.#fences.entries()];
    if (isKnown && since.seq >= this.#history.bumpsFrom) {
      const events = this.#history.since(since.seq).filter(({ kind }) => kind === 'bumped');
      return { ...common, from: since.seq, events, fences };
    }
    return { ...common, ...this.#history.recentBumps(MAX_PAST), fences };
  }

  /** What the alarm does. */
  maintain(): void {
    this.#closeOverdue();
    if (this.#storage?.isMergeDue !== true) return;
    const floor = this.#storage.merge(this.#table);
    if (floor > this.#floor) this.#raiseFloor(floor);
  }

  #announce(
    id: string,
    hashes: ScopeHashes,
    deadlineMs: number,
  ): { readonly all: ScopeHashes; readonly write: OpenWrite; readonly deadlineAtMs: number } {
    const known = this.#open.get(id);
    const seq = this.#next();
    const all = this.#fences.open(id, hashes);
    const deadlineAtMs = Math.max(known?.deadlineAtMs ?? 0, this.#clock.now() + deadlineMs);
    const { key = seq, bump } = known ?? {};
    const write = { key, deadlineAtMs, ...(bump === undefined ? {} : { bump }) };
    this.#open.set(id, write);
    this.#nextDeadlineMs = Math.min(this.#nextDeadlineMs, deadlineAtMs);
    const row = { key, id, fence: { hashes: all, deadlineAtMs } };
    this.#storage?.saveRow(bump === undefined ? row : { ...row, bump });
    this.#history.add({ kind: 'opened', seq, id, hashes: all });
    return { all, write, deadlineAtMs };
  }

  /** Ends a write with a bump, or with nothing to bump. */
  #close(id: string, hashes: ScopeHashes): void {
    const known = this.#open.get(id);
    this.#open.delete(id);
    this.#fences.close(id);
    if (hashes.length === 0) {
      if (known === undefined) return;
      this.#storage?.removeRow(known.key);
      this.#history.add({ kind: 'aborted', seq: this.#next(), id });
      return;
    }
    const bump = { seq: this.#next(), hashes };
    this.#storage?.saveRow({ key: known?.key ?? bump.seq, id, bump });
    this.#bump(id, bump, true);
  }

  #bump(id: string, { seq, hashes }: NonNullable<LogRow['bump']>, closes: boolean): void {
    for (const hash of hashes) this.#table.raise(hash, seq);
    this.#history.add({ kind: 'bumped', seq, id, hashes, closes });
    if (this.#table.size > this.#maxScopes) this.#raiseFloor(this.#table.quantile(FORGOTTEN_SHARE));
  }

  #raiseFloor(floor: number): void {
    this.#floor = floor;
    this.#table.forget(floor);
    this.#storage?.forget(floor);
    this.#saveHead();
  }

  #next(): number {
    this.#seq += 1;
    if (this.#seq > this.#reserved) {
      this.#reserved = this.#seq + RESERVED - 1;
      this.#saveHead();
    }
    return this.#seq;
  }

  #saveHead(): void {
    this.#storage?.saveHead({
      format: 1,
      incarnation: this.incarnation,
      floor: this.#floor,
      reserved: this.#reserved,
      quietUntilMs: this.#quietUntilMs,
      ...(this.groups === undefined ? {} : { groups: this.groups }),
    });
  }

  #quietMs(): number {
    return Math.max(0, this.#quietUntilMs - this.#clock.now());
  }

  /** A writer that is not heard of counts as committed at its deadline. */
  #closeOverdue(): void {
    const now = this.#clock.now();
    if (this.#nextDeadlineMs > now) return;
    this.#nextDeadlineMs = Infinity;
    for (const [id, { deadlineAtMs }] of this.#open) {
      if (deadlineAtMs <= now) this.#close(id, this.#fences.get(id) ?? new Float64Array());
      else this.#nextDeadlineMs = Math.min(this.#nextDeadlineMs, deadlineAtMs);
    }
  }

  #restore({ rows, segments }: SavedLog): LogEvent[] {
    const bumps: LogEvent[] = [];
    const [allRows, allSegments] = [[...rows], [...segments]];
    this.#storage?.restore(allRows, allSegments);
    for (const { hashes, seqs } of allSegments) {
      hashes.forEach((hash, index) => this.#table.raise(hash, seqs[index] ?? 0));
    }
    for (const { key, id, fence, bump } of allRows) {
      for (const hash of bump?.hashes ?? []) this.#table.raise(hash, bump?.seq ?? 0);
      if (bump !== undefined) {
        bumps.push({ kind: 'bumped', id, closes: fence === undefined, ...bump });
      }
      if (fence === undefined) continue;
      const { hashes, deadlineAtMs } = fence;
      this.#fences.open(id, hashes);
      this.#open.set(id, { key, deadlineAtMs, ...(bump === undefined ? {} : { bump }) });
      this.#nextDeadlineMs = Math.min(this.#nextDeadlineMs, deadlineAtMs);
    }
    return bumps;
  }
}

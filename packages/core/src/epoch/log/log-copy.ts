import { BumpTable } from './bump-table.js';
import { FenceSet } from './fence-set.js';
import type { EntryVerdict, LogDelta, LogEvent, LogPosition, ModelGroups } from './log-format.js';
import type { ScopeHashes } from './scope-hash.js';

/** Most scopes whose last bump a copy remembers. */
const MAX_SCOPES = 200_000;

/**
 * A copy of the recent part of a log, kept up by deltas. Entries that captured a number it reaches back to are checked here, however
 * many scopes they have; of older ones the log itself has to be asked.
 */
export class LogCopy {
  readonly #table = new BumpTable();
  readonly #fences = new FenceSet();
  #position: LogPosition | undefined;
  /** Every bump after this number is known. */
  #from = 0;
  #quietUntilMs = 0;
  #groups: ModelGroups | undefined;

  /** How far it has got; undefined before the first delta. */
  get position(): LogPosition | undefined {
    return this.#position;
  }

  /** Which models have logs of their own, as of the position. */
  get groups(): ModelGroups | undefined {
    return this.#groups;
  }

  /** Whether the log asked for nothing to be answered from a cache or filled. */
  isQuiet(nowMs: number): boolean {
    return nowMs < this.#quietUntilMs;
  }

  /** Milliseconds for which it still asks for that. */
  quietMs(nowMs: number): number {
    return Math.max(0, this.#quietUntilMs - nowMs);
  }

  /** The writes under way, and which scopes they may change. */
  fences(): Iterable<readonly [id: string, hashes: ScopeHashes]> {
    return this.#fences.entries();
  }

  /**
   * Takes what it lacked.
   *
   * @param delta - of a call that began after that of every delta before it: of an earlier call it may be of an earlier incarnation
   */
  apply(delta: LogDelta, nowMs: number): void {
    const { incarnation, seq, from, events, fences, quietMs } = delta;
    const known = this.#position;
    const continues = known?.incarnation === incarnation && from <= known.seq;
    this.#quietUntilMs = quietMs === 0 ? 0 : nowMs + quietMs;
    // Calls may overtake each other: it has got further already.
    if (continues && seq <= known.seq) return;
    if (!continues) {
      this.#table.clear();
      this.#fences.clear();
      this.#from = from;
      this.#groups = delta.groups;
    }
    for (const event of events) if (!continues || event.seq > known.seq) this.#take(event);
    if (fences !== undefined) {
      this.#fences.clear();
      for (const [id, hashes] of fences) this.#fences.open(id, hashes);
    }
    this.#position = { incarnation, seq };
    if (this.#table.size > MAX_SCOPES) {
      this.#from = Math.max(this.#from, this.#table.quantile(0.5));
      this.#table.forget(this.#from);
    }
  }

  /** Whether a write under way may change any of the scopes. */
  isPending(hashes: ScopeHashes): boolean {
    return this.#fences.covers(hashes);
  }

  /** Whether an entry that captured a position is current as of the copy's own; `unknown` when it does not reach back so far. */
  check({ incarnation, seq }: LogPosition, hashes: ScopeHashes): EntryVerdict | 'unknown' {
    if (this.#fences.covers(hashes)) return 'bypass';
    if (incarnation !== this.#position?.incarnation) return 'stale';
    for (const hash of hashes) if (this.#table.get(hash) > seq) return 'stale';
    return seq < this.#from ? 'unknown' : 'valid';
  }

  #take(event: LogEvent): void {
    switch (event.kind) {
      case 'opened':
        this.#fences.open(event.id, event.hashes);
        return;
      case 'aborted':
        this.#fences.close(event.id);
        return;
      case 'bumped':
        if (event.closes) this.#fences.close(event.id);
        for (const hash of event.hashes) this.#table.raise(hash, event.seq);
    }
  }
}

import { EventHistory } from './event-history.js';
import { LogCopy } from './log-copy.js';
import type { LogDelta, LogPosition } from './log-format.js';

/** Hashes of events kept for copies that have fallen behind: 0.8 MB. */
const RELAYED_HISTORY = 100_000;
/** Hashes that a new copy is told of the past: 32 KB. */
const RELAYED_PAST = 4_000;

/**
 * A copy that is copied from, as a relay has it. What it tells is what the log has told it, by the log's own numbers, and never more:
 * a copy may be kept up by several relays, and by the log itself, in any order.
 */
export class RelayCopy extends LogCopy {
  #history = new EventHistory(RELAYED_HISTORY, [], 0, 0);

  override apply(delta: LogDelta, nowMs: number): void {
    const known = this.position;
    super.apply(delta, nowMs);
    const { incarnation, seq, from, events, fences } = delta;
    if (known?.incarnation !== incarnation || from > known.seq) {
      const bumps = events.filter(({ kind }) => kind === 'bumped');
      this.#history = new EventHistory(RELAYED_HISTORY, bumps, from, seq);
      return;
    }
    if (seq <= known.seq) return;
    const later = events.filter((event) => event.seq > known.seq);
    if (fences === undefined) for (const event of later) this.#history.add(event);
    else {
      // What was opened and taken back meanwhile is not told one by one.
      const { bumpsFrom } = this.#history;
      const all = [...this.#history.since(bumpsFrom), ...later];
      const bumps = all.filter(({ kind }) => kind === 'bumped');
      this.#history = new EventHistory(RELAYED_HISTORY, bumps, bumpsFrom, seq);
    }
  }

  /**
   * What another copy lacks that has got this far; of one that is too old, or new, the recent past.
   *
   * @throws TypeError before the first delta
   */
  delta(since: LogPosition | undefined, nowMs: number): LogDelta {
    const { position } = this;
    if (position === undefined) throw new TypeError('the copy has nothing to tell yet');
    const { groups } = this;
    const grouped = groups === undefined ? {} : { groups };
    const common = { ...position, quietMs: this.quietMs(nowMs), ...grouped };
    const isKnown = since?.incarnation === position.incarnation;
    if (isKnown && since.seq >= this.#history.from) {
      return { ...common, from: since.seq, events: this.#history.since(since.seq) };
    }
    const fences = [...this.fences()];
    if (isKnown && since.seq >= this.#history.bumpsFrom) {
      const events = this.#history.since(since.seq).filter(({ kind }) => kind === 'bumped');
      return { ...common, from: since.seq, events, fences };
    }
    return { ...common, ...this.#history.recentBumps(RELAYED_PAST), fences };
  }
}

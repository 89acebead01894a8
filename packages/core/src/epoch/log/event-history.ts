import type { LogEvent } from './log-format.js';

/**
 * The last events of a log, for copies that have fallen behind. Told apart are what it knows of bumps, which are also stored, and
 * of everything, which a restart ends.
 */
export class EventHistory {
  readonly #maxHashes: number;
  #events: LogEvent[] = [];
  #hashes = 0;
  #bumpsFrom: number;
  #from: number;

  /**
   * @param bumps - those after `bumpsFrom`, in order
   * @param from - every event after this will be told to `add`
   */
  constructor(maxHashes: number, bumps: readonly LogEvent[], bumpsFrom: number, from: number) {
    this.#maxHashes = maxHashes;
    this.#bumpsFrom = bumpsFrom;
    this.#from = from;
    for (const bump of bumps) this.#push(bump);
  }

  /** It has every bump after this number. */
  get bumpsFrom(): number {
    return this.#bumpsFrom;
  }

  /** It has every event after this number. */
  get from(): number {
    return this.#from;
  }

  add(event: LogEvent): void {
    this.#push(event);
  }

  since(seq: number): readonly LogEvent[] {
    const last = this.#events.at(-1);
    if (last === undefined || last.seq <= seq) return NOTHING;
    let index = this.#events.length;
    while ((this.#events[index - 1]?.seq ?? 0) > seq) index -= 1;
    return this.#events.slice(index);
  }

  /** The bumps as far back as they have at most so many hashes, and the number after which these are all. */
  recentBumps(maxHashes: number): { readonly from: number; readonly events: readonly LogEvent[] } {
    const events: LogEvent[] = [];
    let hashes = 0;
    for (let index = this.#events.length - 1; index >= 0; index--) {
      const event = this.#events[index];
      if (event?.kind !== 'bumped') continue;
      hashes += event.hashes.length;
      if (hashes > maxHashes) return { from: event.seq, events: events.reverse() };
      events.push(event);
    }
    return { from: this.#bumpsFrom, events: events.reverse() };
  }

  #push(event: LogEvent): void {
    this.#events.push(event);
    this.#hashes += weight(event);
    if (this.#hashes <= this.#maxHashes) return;
    let dropped = 0;
    // Half at once, so that dropping costs little for each event.
    while (this.#hashes > this.#maxHashes / 2) {
      const oldest = this.#events[dropped];
      if (oldest === undefined) break;
      this.#hashes -= weight(oldest);
      this.#bumpsFrom = Math.max(this.#bumpsFrom, oldest.seq);
      this.#from = Math.max(this.#from, oldest.seq);
      dropped += 1;
    }
    this.#events = this.#events.slice(dropped);
  }
}

const NOTHING: readonly LogEvent[] = [];

/** An event takes some room whatever it says. */
function weight(event: LogEvent): number {
  return event.kind === 'aborted' ? 8 : event.hashes.length + 8;
}

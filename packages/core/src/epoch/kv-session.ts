import type { Answer, ReadTimes, Session, Stamp } from './authority.js';
import { surelyBefore } from './kv-known.js';
import { Recent } from './recent.js';

/** Queries whose last answer a session remembers. */
const MAX_ANSWERS = 20_000;
const TICKET = /^k1\.([0-9a-z]{1,11})$/;

/**
 * What a session over KV remembers beyond what its isolate does: the answers it was given, and the time of its last write for
 * whoever continues it.
 */
export class KVSession implements Session {
  readonly #answers: Recent<Answer> = new Recent(MAX_ANSWERS, ({ times }) => times.endMs);
  /** The session's last write before it came here. */
  readonly #floorMs: number;
  #lastBumpMs: number;

  /** @param nowMs - a ticket of the future is one of the present */
  constructor(ticket: string | undefined, nowMs: number) {
    const time = ticket === undefined ? undefined : TICKET.exec(ticket)?.[1];
    this.#floorMs = time === undefined ? 0 : Math.min(Number.parseInt(time, 36), nowMs);
    this.#lastBumpMs = this.#floorMs;
  }

  /** Carries the time of the last write: what was read before it is not served to the session that continues this one. */
  ticket(): string {
    return this.#lastBumpMs === 0 ? '' : `k1.${this.#lastBumpMs.toString(36)}`;
  }

  bumped(timeMs: number): void {
    this.#lastBumpMs = Math.max(this.#lastBumpMs, timeMs);
  }

  /** Answers may arrive out of order; the newest counts. */
  answered(query: string, answer: Answer): void {
    const last = this.#answers.get(query);
    if (last === undefined || last.times.endMs <= answer.times.endMs) {
      this.#answers.set(query, answer);
    }
  }

  /** The time of the last write of which only that is known; zero when KV must have told everyone since. */
  floorMs(sinceMs: number): number {
    return this.#floorMs > sinceMs ? this.#floorMs : 0;
  }

  /**
   * Whether an entry is no older than what the session last got for this query: the same entry, or surely read later.
   *
   * @param sinceMs - answers of before do not count: what they showed KV must have told everyone since
   */
  allowsAnswer(
    query: string,
    stamp: Stamp,
    times: ReadTimes,
    { marginMs, sinceMs }: { readonly marginMs: number; readonly sinceMs: number },
  ): boolean {
    const last = this.#answers.get(query);
    if (last !== undefined && isSame(last, stamp, times)) return true;
    const floorMs = Math.max(last?.times.endMs ?? 0, this.#answers.floorMs(sinceMs));
    return floorMs <= sinceMs || surelyBefore(floorMs, times.startMs, marginMs);
  }
}

/** A stamp begins with the random text of its fill. */
function isSame(last: Answer, stamp: Stamp, times: ReadTimes): boolean {
  return (
    last.stamp?.[0] === stamp[0] &&
    last.times.startMs === times.startMs &&
    last.times.endMs === times.endMs
  );
}

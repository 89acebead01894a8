import type { Answer, ReadTimes, Session, Stamp } from './authority.js';
import type { Nonce } from './nonce.js';
import { surelyBefore } from './kv-known.js';

const MAX_REMEMBERED = 1_000;
const TICKET = /^k1\.([0-9a-z]{1,11})$/;

/**
 * What a session over KV remembers: the bumps it made and the answers it was given. Both are bounded; what is dropped leaves a
 * floor in time, so that forgetting makes the session slower and never wrong.
 */
export class KVSession implements Session {
  readonly #own = new Map<string, Nonce>();
  readonly #answers = new Map<string, Answer>();
  /** Entries must have been read after this. */
  #ownFloorMs = 0;
  #answersFloorMs = 0;
  #lastBumpMs = 0;

  /** @param nowMs - a ticket of the future is one of the present */
  constructor(ticket: string | undefined, nowMs: number) {
    const time = ticket === undefined ? undefined : TICKET.exec(ticket)?.[1];
    if (time === undefined) return;
    this.#ownFloorMs = Math.min(Number.parseInt(time, 36), nowMs);
    this.#lastBumpMs = this.#ownFloorMs;
  }

  /** Carries the time of the last write: what was read before it is not served to the session that continues this one. */
  ticket(): string {
    return this.#lastBumpMs === 0 ? '' : `k1.${this.#lastBumpMs.toString(36)}`;
  }

  own(key: string): Nonce | undefined {
    return this.#own.get(key);
  }

  bumped(key: string, nonce: Nonce): void {
    this.#own.delete(key);
    this.#own.set(key, nonce);
    this.#lastBumpMs = Math.max(this.#lastBumpMs, nonce.timeMs);
    const [oldest] = this.#own;
    if (this.#own.size <= MAX_REMEMBERED || oldest === undefined) return;
    this.#own.delete(oldest[0]);
    this.#ownFloorMs = Math.max(this.#ownFloorMs, oldest[1].timeMs);
  }

  /** Answers may arrive out of order; the newest counts. */
  answered(query: string, answer: Answer): void {
    const last = this.#answers.get(query);
    if (last !== undefined && last.times.endMs > answer.times.endMs) return;
    this.#answers.delete(query);
    this.#answers.set(query, answer);
    const [oldest] = this.#answers;
    if (this.#answers.size <= MAX_REMEMBERED || oldest === undefined) return;
    this.#answers.delete(oldest[0]);
    this.#answersFloorMs = Math.max(this.#answersFloorMs, oldest[1].times.endMs);
  }

  /** Whether data read at these times reflects the writes whose scopes the session no longer remembers. */
  allowsRead({ startMs }: ReadTimes, marginMs: number): boolean {
    return this.#ownFloorMs === 0 || surelyBefore(this.#ownFloorMs, startMs, marginMs);
  }

  /** Whether an entry is no older than what the session last got for this query: the same entry, or surely read later. */
  allowsAnswer(query: string, stamp: Stamp, times: ReadTimes, marginMs: number): boolean {
    const last = this.#answers.get(query);
    if (last !== undefined && isSame(last, stamp, times)) return true;
    const floorMs = last?.times.endMs ?? this.#answersFloorMs;
    return floorMs === 0 || surelyBefore(floorMs, times.startMs, marginMs);
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

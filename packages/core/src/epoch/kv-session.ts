import type { Answer, ReadTimes, Session, Stamp } from './authority.js';
import { surelyBefore } from './kv-known.js';
import {
  carriedAnswer,
  formatKVTicket,
  isCarried,
  parseKVTicket,
  queryHash,
  type CarriedAnswer,
} from './kv-ticket.js';
import type { Nonce } from './nonce.js';
import { Recent } from './recent.js';

/** Queries whose last answer a session remembers. */
const MAX_ANSWERS = 20_000;

/** An answer of the database, and the name of its fill: the stamp may come too late for the ticket. */
export interface FilledAnswer extends Answer {
  readonly fillId?: string;
}

/** An answer, and when the session was given it (milliseconds of its isolate's clock). */
interface Heard extends FilledAnswer {
  readonly heardMs: number;
}

/** One write of a session, as its bumps tell it. */
export class OwnWrite {
  timeMs = 0;
  readonly #nonces = new Set<string>();

  add({ text, timeMs }: Nonce): void {
    this.#nonces.add(text);
    this.timeMs = Math.max(this.timeMs, timeMs);
  }

  /** Whether what captured this nonce of the isolate was read from the database after the write. */
  precedes({ text, timeMs }: Nonce): boolean {
    return this.#nonces.has(text) || timeMs > this.timeMs;
  }
}

/**
 * What a session over KV remembers beyond what its isolate does: the answers it was given, and the time of its last write. A ticket
 * hands both on to whoever continues it.
 */
export class KVSession implements Session {
  readonly #answers: Recent<Heard> = new Recent(MAX_ANSWERS, ({ times }) => times.endMs);
  /** The session's last write before it came here, or the last answer that its ticket had no room for. */
  readonly #floorMs: number;
  /** Answers that it was given before it came here, by hash of the query. */
  readonly #carried: ReadonlyMap<string, CarriedAnswer>;
  #lastBumpMs: number;
  /** By model, the session's last write to it. */
  readonly #writes = new Map<string, OwnWrite>();

  /** @param nowMs - a ticket of the future is one of the present */
  constructor(ticket: string | undefined, nowMs: number) {
    const { floorMs, answers } = parseKVTicket(ticket, nowMs);
    this.#floorMs = floorMs;
    this.#lastBumpMs = floorMs;
    this.#carried = answers;
  }

  /**
   * Carries the time of the last write, and of each answer a hash of its query and of its entry: the session that continues this one
   * is served nothing older.
   */
  ticket(): string {
    const answers = new Map(this.#carried);
    for (const [query, { stamp, fillId, times }] of this.#answers.entries()) {
      answers.set(queryHash(query), carriedAnswer(stamp?.[0] ?? fillId, times));
    }
    return formatKVTicket({
      floorMs: Math.max(this.#lastBumpMs, this.#answers.floorMs(0)),
      answers,
    });
  }

  bumped(timeMs: number): void {
    this.#lastBumpMs = Math.max(this.#lastBumpMs, timeMs);
  }

  wrote(model: string, write: OwnWrite): void {
    this.#writes.set(model, write);
  }

  /**
   * The session's last write to a model; undefined when KV must have told everyone since of all that happened before it.
   *
   * An entry may be older than a write of someone else of which KV has not told this data centre yet, and so miss the scope that
   * the session's own write bumped: it still shows the row as absent, say, or in another partition. Whatever touches the model
   * has therefore to be read after the session's own write, whichever scopes that bumped.
   */
  writeTo(model: string, sinceMs: number): OwnWrite | undefined {
    const write = this.#writes.get(model);
    return write === undefined || write.timeMs <= sinceMs ? undefined : write;
  }

  get hasWritten(): boolean {
    return this.#writes.size > 0;
  }

  /**
   * Answers may arrive out of order. Where it cannot be told which of two is the newer, as of two reads that overlapped, what the
   * session reads from now on has to be newer than both.
   *
   * @param nowMs - when the session heard it
   */
  answered(query: string, answer: FilledAnswer, nowMs: number, marginMs: number): void {
    const last = this.#answers.get(query);
    const heard: Heard = { ...answer, heardMs: nowMs };
    if (last === undefined || isLater(answer, last, marginMs)) {
      this.#answers.set(query, heard);
    } else if (last.times === answer.times) {
      this.#answers.set(query, { ...heard, heardMs: last.heardMs });
    } else if (
      !isSame(last, answer.stamp, answer.times) &&
      !surelyBefore(answer.times.endMs, last.times.startMs, marginMs)
    ) {
      const startMs = Math.min(last.times.startMs, answer.times.startMs);
      const endMs = Math.max(last.times.endMs, answer.times.endMs);
      this.#answers.set(query, { stamp: null, times: { startMs, endMs }, heardMs: nowMs });
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
    const carried = this.#carried.size === 0 ? undefined : this.#carried.get(queryHash(query));
    if (last === undefined && carried !== undefined && isCarried(carried, stamp, times))
      return true;
    const floorMs = Math.max(
      last?.times.endMs ?? carried?.endMs ?? 0,
      this.#answers.floorMs(sinceMs),
    );
    return floorMs <= sinceMs || surelyBefore(floorMs, times.startMs, marginMs);
  }
}

/** Whether the database was read for an answer after the session had heard the last one. */
function isLater({ times, isLocal }: Answer, last: Heard, marginMs: number): boolean {
  if (isLocal === true && times.startMs > last.heardMs) return true;
  return surelyBefore(last.times.endMs, times.startMs, marginMs);
}

/** A stamp begins with the random text of its fill. */
function isSame(last: Answer, stamp: Stamp | null, times: ReadTimes): boolean {
  return (
    last.stamp !== null &&
    stamp !== null &&
    last.stamp[0] === stamp[0] &&
    last.times.startMs === times.startMs &&
    last.times.endMs === times.endMs
  );
}

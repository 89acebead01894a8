import { BoostError, scopeHash, ticketsIn, type LogPosition, type Session } from '@boost/core';

interface Known extends LogPosition {
  /** When it was learned, by the isolate's counter: a call that begins later reaches it. */
  readonly tick: number;
}

/** What a session's reads need of a copy. */
export interface Need {
  /** The copy must have got this far, */
  readonly position?: LogPosition;
  /** or must have been brought up to date by a call that began later than this. */
  readonly afterTick: number;
}

const TICKET =
  /^c1\.(s?)(?:u([0-9a-z]{1,9}))?((?:\.[0-9a-z]{1,11}_[0-9a-zA-Z-]{1,36}_[0-9a-z]{1,11})*)$/;
/** 2 KB at most. */
const MAX_CARRIED = 20;

/**
 * What a session has seen of each object: later reads may not be older. A bad ticket is ignored, a forged one makes its bearer ask
 * the coordinator once more than others.
 */
export class CoordinatorSession implements Session {
  readonly #known = new Map<string, Known>();
  /** By the hash of the object's name, from another isolate. */
  readonly #carried = new Map<string, Known>();
  /** It was given something of which no number is known. */
  #syncAfterTick = -1;
  #isUnnumbered = false;
  /** Of its writes that no coordinator had been told of when it came here, the last: milliseconds; 0 for none. */
  readonly untoldMs: number;
  #lastUntoldMs: number;

  /** @param nowMs - a ticket of the future is one of the present */
  constructor(ticket: string | undefined, tick: number, nowMs: number) {
    let untoldMs = 0;
    for (const text of ticketsIn(ticket)) {
      const [, flag, untold = '0', positions = ''] = TICKET.exec(text) ?? [];
      if (flag === 's') this.saw(tick);
      untoldMs = Math.max(untoldMs, Math.min(Number.parseInt(untold, 36), nowMs));
      for (const position of positions.split('.').slice(1)) {
        const [name = '', incarnation = '', seq = ''] = position.split('_');
        this.#carry(name, { incarnation, seq: Number.parseInt(seq, 36), tick });
      }
    }
    this.untoldMs = untoldMs;
    this.#lastUntoldMs = untoldMs;
  }

  /** Carries hashes of the names of objects and how far the session has seen them. */
  ticket(): string {
    const carried = new Map<string, LogPosition>(this.#carried);
    for (const [name, known] of this.#known) carried.set(nameHash(name), known);
    if (carried.size === 0 && !this.#isUnnumbered && this.#lastUntoldMs === 0) return '';
    const isAll = !this.#isUnnumbered && carried.size <= MAX_CARRIED;
    const positions = [...carried]
      .slice(-MAX_CARRIED)
      .map(([name, { incarnation, seq }]) => `.${name}_${incarnation}_${seq.toString(36)}`);
    const untold = this.#lastUntoldMs === 0 ? '' : `u${this.#lastUntoldMs.toString(36)}`;
    return `c1.${isAll ? '' : 's'}${untold}${positions.join('')}`;
  }

  /** A write of the session was done and no coordinator knows: this isolate does, others have to take entries from after it. */
  wroteUntold(nowMs: number): void {
    this.#lastUntoldMs = Math.max(this.#lastUntoldMs, nowMs);
  }

  /** Of two positions in different lives of an object nobody can tell the later: the coordinator is asked. */
  #carry(name: string, position: Known): void {
    const other = this.#carried.get(name);
    if (other !== undefined && other.incarnation !== position.incarnation) this.saw(position.tick);
    if (other?.incarnation === position.incarnation && other.seq >= position.seq) return;
    this.#carried.set(name, position);
  }

  /** The session was told of everything up to this number. */
  raise(name: string, { incarnation, seq }: LogPosition, tick: number): void {
    const known = this.#known.get(name);
    if (known?.incarnation === incarnation && known.seq >= seq) return;
    this.#known.delete(name);
    this.#known.set(name, { incarnation, seq, tick });
  }

  /** The session was told of something that a call which begins after `tick` knows. */
  saw(tick: number): void {
    this.#syncAfterTick = Math.max(this.#syncAfterTick, tick);
    this.#isUnnumbered = true;
  }

  needs(name: string): readonly Need[] {
    const needs: Need[] = [{ afterTick: this.#syncAfterTick }];
    const carried = this.#carried.size === 0 ? undefined : this.#carried.get(nameHash(name));
    for (const known of [this.#known.get(name), carried]) {
      if (known !== undefined) needs.push({ position: known, afterTick: known.tick });
    }
    return needs;
  }
}

/** @throws BoostError `BOOST_OPTION_INVALID` for a session of another authority */
export function asCoordinatorSession(session: Session): CoordinatorSession {
  if (session instanceof CoordinatorSession) return session;
  throw new BoostError(
    'BOOST_OPTION_INVALID',
    'The session was not made by session() of a coordinator: make it with the engine that uses it',
    { details: { option: 'session' } },
  );
}

function nameHash(name: string): string {
  return scopeHash(name).toString(36);
}

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

/** What the isolate knows of an object by now. */
export interface Copied {
  readonly position: LogPosition | undefined;
  /** When the call began that brought it, by the isolate's counter. */
  readonly syncedTick: number;
}

export interface SessionStart {
  /** The isolate's counter. */
  readonly tick: number;
  /** Milliseconds: a ticket of the future is one of the present. */
  readonly nowMs: number;
  /** What the isolate knows of an object whenever it is asked. */
  readonly copied: (name: string) => Copied;
}

const TICKET =
  /^c1\.(s?)(?:u([0-9a-z]{1,9}))?((?:\.[0-9a-z]{1,11}(?:_[0-9a-zA-Z-]{1,36}_[0-9a-z]{1,11})?)*)$/;
/** 2 KB at most. */
const MAX_CARRIED = 20;
/** A position that no copy has reached. */
const NOWHERE: LogPosition = { incarnation: '', seq: 0 };

/**
 * What a session has seen of each object: later reads may not be older. A bad ticket is ignored, a forged one makes its bearer ask
 * the coordinator once more than others.
 */
export class CoordinatorSession implements Session {
  readonly #known = new Map<string, Known>();
  /** By the name of an object, what it was given of which no number is known. */
  readonly #unnumbered = new Map<string, number>();
  /** By the hash of the object's name, from another isolate. */
  readonly #carried = new Map<string, Known>();
  /** Of which object it was given something without a number nobody knows. */
  #askAfterTick = -1;
  /** Of its writes that no coordinator had been told of when it came here, the last: milliseconds; 0 for none. */
  readonly untoldMs: number;
  #lastUntoldMs: number;
  readonly #copied: (name: string) => Copied;

  constructor(ticket: string | undefined, { tick, nowMs, copied }: SessionStart) {
    this.#copied = copied;
    let untoldMs = 0;
    for (const text of ticketsIn(ticket)) {
      const [, flag, untold = '0', positions = ''] = TICKET.exec(text) ?? [];
      if (flag === 's') this.#askAfterTick = tick;
      untoldMs = Math.max(untoldMs, Math.min(Number.parseInt(untold, 36), nowMs));
      for (const position of positions.split('.').slice(1)) {
        const [name = '', incarnation = '', seq = '0'] = position.split('_');
        this.#carry(name, { incarnation, seq: Number.parseInt(seq, 36), tick });
      }
    }
    this.untoldMs = untoldMs;
    this.#lastUntoldMs = untoldMs;
  }

  /** Carries hashes of the names of objects and how far the session has seen them, or that its bearer has to ask. */
  ticket(): string {
    const positions = new Map<string, LogPosition>(this.#carried);
    for (const name of new Set([...this.#known.keys(), ...this.#unnumbered.keys()])) {
      positions.set(nameHash(name), this.#reached(name));
    }
    const asks = this.#askAfterTick >= 0 || positions.size > MAX_CARRIED;
    if (positions.size === 0 && !asks && this.#lastUntoldMs === 0) return '';
    const carried = [...positions]
      .slice(-MAX_CARRIED)
      .map(([hash, { incarnation, seq }]) =>
        incarnation === '' ? `.${hash}` : `.${hash}_${incarnation}_${seq.toString(36)}`,
      );
    const untold = this.#lastUntoldMs === 0 ? '' : `u${this.#lastUntoldMs.toString(36)}`;
    return `c1.${asks ? 's' : ''}${untold}${carried.join('')}`;
  }

  /** A write of the session was done and no coordinator knows: this isolate does, others have to take entries from after it. */
  wroteUntold(nowMs: number): void {
    this.#lastUntoldMs = Math.max(this.#lastUntoldMs, nowMs);
  }

  /** Of two positions in different lives of an object nobody can tell the later: the coordinator is asked. */
  #carry(hash: string, position: Known): void {
    const other = this.#carried.get(hash);
    if (other === undefined) this.#carried.set(hash, position);
    else if (other.incarnation !== position.incarnation) {
      this.#carried.set(hash, { ...NOWHERE, tick: position.tick });
    } else if (other.seq < position.seq) this.#carried.set(hash, position);
  }

  /** The session was told of everything up to this number. */
  raise(name: string, { incarnation, seq }: LogPosition, tick: number): void {
    const known = this.#known.get(name);
    if (known?.incarnation === incarnation && known.seq >= seq) return;
    this.#known.set(name, { incarnation, seq, tick });
  }

  /** The session was told of something of these objects that a call which begins after `tick` knows. */
  saw(names: Iterable<string>, tick: number): void {
    for (const name of names) {
      this.#unnumbered.set(name, Math.max(this.#unnumbered.get(name) ?? -1, tick));
    }
  }

  needs(name: string): readonly Need[] {
    const unnumbered = this.#unnumbered.get(name) ?? -1;
    const needs: Need[] = [{ afterTick: Math.max(this.#askAfterTick, unnumbered) }];
    const carried = this.#carried.size === 0 ? undefined : this.#carried.get(nameHash(name));
    for (const known of [this.#known.get(name), carried]) {
      if (known !== undefined) needs.push({ position: known, afterTick: known.tick });
    }
    return needs;
  }

  /** How far the session has seen an object; nowhere when that cannot be told, and its bearer has to ask. */
  #reached(name: string): LogPosition {
    const { position: copied = NOWHERE, syncedTick } = this.#copied(name);
    let reached: LogPosition | undefined;
    for (const { position, afterTick } of this.needs(name)) {
      const isInCopy = syncedTick > afterTick;
      if (!isInCopy && position === undefined && afterTick < 0) continue;
      const wanted = isInCopy ? copied : (position ?? NOWHERE);
      if (reached === undefined || isLaterIn(reached, wanted)) reached = wanted;
      else if (reached.incarnation !== wanted.incarnation) return NOWHERE;
    }
    return reached ?? NOWHERE;
  }
}

/** Whether a position comes after another one in the same life of the object. */
function isLaterIn({ incarnation, seq }: LogPosition, other: LogPosition): boolean {
  return other.incarnation === incarnation && other.seq > seq;
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

import {
  LogCopy,
  randomFraction,
  Recent,
  type Random,
  type ScopeHash,
  type ScopeHashes,
  type StateKind,
} from '@boost/core';
import { objectsOf, rootOf } from '../shards/model-groups.js';

/** The end of a write that its coordinator has not been told of. */
export interface OwedEnd {
  readonly kind: 'commit' | 'unknown';
  readonly hashes: ScopeHashes;
  readonly deadlineMs: number;
}

/** One call that brings a copy up to date, for whoever needs one that begins as late. */
export interface SyncCall {
  /** Undefined until it begins. */
  tick: number | undefined;
  /** Null when it succeeded. Never rejects; never settles if its request dies. */
  readonly done: Promise<Error | null>;
}

/** Characters of entries that were found current by asking. */
const CONFIRMED_CHARACTERS = 1_000_000;

/** What the clients of an isolate share about one object: plain data and promises, nothing that does I/O. */
export class IsolateLog {
  readonly name: string;
  readonly copy: LogCopy;
  /** The number at which the log itself found an entry current, by what the entry is stamped with. */
  readonly confirmed: Recent<number> = new Recent(CONFIRMED_CHARACTERS);
  /** When the call of the object began whose answer the copy took last, by the isolate's counter. */
  syncedTick = -1;
  /** The copy knows of everything before it: milliseconds of the isolate's clock. A relay's answer may be from some time ago. */
  syncedAtMs: number = -Infinity;
  running: SyncCall | undefined;
  next: SyncCall | undefined;
  /** The last failure; until then (milliseconds of the clock) nobody tries again. */
  failure: { readonly error: Error; readonly untilMs: number } | undefined;
  /** A question to a relay that it may answer from what it has. Settles when it has, or has not; never if its request dies. */
  asking: Promise<null> | undefined;
  /** Until then (milliseconds of the clock) the object is asked and not its relay, which has failed. */
  relayPausedUntilMs: number = -Infinity;
  /** Ends of writes to be told with the next call, whoever makes it. Readers bypass what they changed. */
  readonly owed: Map<string, OwedEnd> = new Map();

  constructor(name: string, copy: LogCopy = new LogCopy()) {
    this.name = name;
    this.copy = copy;
  }

  /** Whether a write of this isolate changed one of the scopes and its coordinator has not been told. */
  owes(hashes: Iterable<ScopeHash>): boolean {
    if (this.owed.size === 0) return false;
    const owed = new Set<ScopeHash>();
    for (const end of this.owed.values()) for (const hash of end.hashes) owed.add(hash);
    for (const hash of hashes) if (owed.has(hash)) return true;
    return false;
  }
}

/** Objects that an isolate remembers: it serves few tenants at a time. */
const MAX_LOGS = 500;

export class Isolate {
  readonly #logs = new Recent<IsolateLog>(MAX_LOGS);
  /** Logs that owe something, which must not be forgotten. */
  readonly #indebted = new Map<string, IsolateLog>();
  #tick = 0;
  #share: number | undefined;

  /** A number greater than any before: the clock may stand still. */
  tick(): number {
    this.#tick += 1;
    return this.#tick;
  }

  /** A number from 0 to 1 that stays the same: which of several relays this isolate asks. */
  share(random: Random): number {
    this.#share ??= randomFraction(random);
    return this.#share;
  }

  log(name: string): IsolateLog {
    let log = this.#indebted.get(name) ?? this.#logs.get(name);
    if (log === undefined) {
      log = new IsolateLog(name);
      this.#logs.set(name, log);
    }
    return log;
  }

  owe(log: IsolateLog, id: string, end: OwedEnd): void {
    // Of a log that was forgotten meanwhile another copy may owe something.
    const indebted = this.#indebted.get(log.name) ?? log;
    indebted.owed.set(id, end);
    this.#indebted.set(log.name, indebted);
  }

  /** The logs that have not been told of the end of a write. */
  owing(id: string): readonly IsolateLog[] {
    return [...this.#indebted.values()].filter(({ owed }) => owed.has(id));
  }

  /** What an object and those of its groups are owed is owed to those that are in force now: of hashes nobody knows the models. */
  reroute({ name: root, copy }: IsolateLog): void {
    const names = objectsOf(root, copy.groups);
    for (const log of [...this.#indebted.values()]) {
      if (rootOf(log.name) !== root) continue;
      const ends = [...log.owed];
      for (const name of names) for (const [id, end] of ends) this.owe(this.log(name), id, end);
      if (!names.includes(log.name)) for (const [id] of ends) this.settle(log, id);
    }
  }

  settle(log: IsolateLog, id: string): void {
    log.owed.delete(id);
    if (log.owed.size > 0 || this.#indebted.get(log.name) !== log) return;
    this.#indebted.delete(log.name);
    this.#logs.set(log.name, log);
  }
}

export const ISOLATE: StateKind<Isolate> = { make: () => new Isolate() };

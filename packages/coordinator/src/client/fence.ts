import {
  BoostError,
  hasReached,
  sleep,
  type BumpReport,
  type Fence,
  type LogDelta,
  type LogPosition,
  type ModelGroups,
  type Scope,
  type ScopeHashes,
  type WriteContext,
} from '@boost/core';
import type { GroupsOf } from './channels.js';
import { payOwed, take } from './group-sync.js';
import type { OwedEnd } from './isolate-log.js';
import type { CoordinatorReach } from './reach.js';
import { asCoordinatorSession } from './session.js';

/** `waitUntil` keeps a request alive for 30 seconds. */
const RETRIES_MS = 25_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 4_000;
/** How often a write looks for the objects that order it, when other groups come into force meanwhile. */
const MAX_ROUTES = 4;

/** An announcement that an object has stored. */
interface Announced {
  /** When the object takes the write for committed, in milliseconds of the clock. */
  readonly untilMs: number;
  /** A number of the object at which it knew of the write. */
  readonly position: LogPosition;
}

type Hashes = ReadonlyMap<string, ScopeHashes>;

/** A write as its coordinators are told of it. */
export class CoordinatorFence implements Fence {
  readonly #reach: CoordinatorReach;
  readonly #write: WriteContext;
  /** Everything that was announced. */
  readonly #announced = new Set<Scope>();
  /** By the name of an object that has stored the announcement. */
  readonly #announcedAt = new Map<string, Announced>();
  /** The newest groups that it went by. */
  readonly #groups = new Map<string, ModelGroups>();
  /** Objects that were asked, whatever came of it. */
  readonly #asked = new Set<string>();

  constructor(reach: CoordinatorReach, write: WriteContext) {
    this.#reach = reach;
    this.#write = write;
  }

  /**
   * Announces that the write may change these scopes, beside those that were announced already: its coordinator may have closed it
   * at the deadline.
   *
   * @throws BoostError `BOOST_WRITE_UNFENCED` where readers rely on it
   */
  async extend(scopes: readonly Scope[]): Promise<void> {
    for (const scope of scopes) this.#announced.add(scope);
    const failures = await this.#announce();
    if (failures.length === 0) return;
    if (!this.#reach.isStrict) {
      for (const failure of failures) this.#reach.report(failure, 'fence');
      return;
    }
    this.#reach.background('fence', () => this.abort());
    throw new BoostError(
      'BOOST_WRITE_UNFENCED',
      'The coordinator could not be told of the write, and readers rely on being told: the database was not asked. Try again, or give up `strong` with coordinator.allowUnfenced',
      { cause: failures[0] },
    );
  }

  async commit(scopes: readonly Scope[]): Promise<BumpReport> {
    await this.#routed(scopes);
    const hashes = this.#hashes(scopes);
    for (const name of this.#asked) if (!hashes.has(name)) this.#abortAt(name);
    return this.#end('commit', scopes, scopes);
  }

  async unknown(scopes: readonly Scope[]): Promise<BumpReport> {
    const all = [...new Set([...this.#announced, ...scopes])];
    await this.#routed(all);
    return this.#end('unknown', scopes, all);
  }

  async abort(): Promise<void> {
    const { id } = this.#write;
    await Promise.all([...this.#asked].map((name) => this.#reach.remote(name).abort(id)));
  }

  /** The failures. */
  async #announce(): Promise<readonly unknown[]> {
    const { tenant } = this.#write;
    const told = new Set<string>();
    for (let attempt = 1; attempt <= MAX_ROUTES; attempt++) {
      try {
        if (!this.#reach.isRouted(tenant, this.#groupsOf)) await this.#reach.route(tenant);
      } catch (error) {
        // Those that are known are told nevertheless: their readers rely on it.
        return [error, ...(await this.#announceTo(told))];
      }
      const failures = await this.#announceTo(told);
      // An object may have answered with other groups than were known, or late.
      const names = [...this.#hashes([...this.#announced]).keys()];
      const isWhole =
        names.every((name) => told.has(name)) && this.#reach.isRouted(tenant, this.#groupsOf);
      if (failures.length > 0 || isWhole) return failures;
    }
    return [new Error('the groups of models change faster than a write can be announced')];
  }

  /** Announces everything to the objects that were not told of it yet. */
  async #announceTo(told: Set<string>): Promise<readonly unknown[]> {
    const { id, deadlineMs, tenant } = this.#write;
    const { isolate, host } = this.#reach;
    const failures: unknown[] = [];
    const announce = async ([name, hashes]: readonly [string, ScopeHashes]): Promise<void> => {
      if (told.has(name)) return;
      this.#asked.add(name);
      const log = isolate.log(name);
      const beganAtMs = this.#reach.now();
      const tick = isolate.tick();
      try {
        const delta = await this.#reach
          .remote(name)
          .begin(id, hashes, deadlineMs, log.copy.position);
        take(host, log, delta, tick, beganAtMs);
        told.add(name);
        this.#announcedAt.set(name, { untilMs: beganAtMs + deadlineMs, position: delta });
        // A later call was answered before, by another life of the object: which groups it has now has to be asked.
        if (delta.incarnation !== log.copy.position?.incarnation) await this.#reach.route(tenant);
      } catch (error) {
        this.#announcedAt.delete(name);
        failures.push(error);
      }
    };
    await Promise.all([...this.#hashes([...this.#announced])].map(announce));
    return failures;
  }

  /** Where no announcement holds readers back, the objects have to be told that order these scopes by now. */
  async #routed(scopes: readonly Scope[]): Promise<void> {
    const { tenant } = this.#write;
    const names = [...this.#hashes(scopes).keys()];
    if (
      names.every((name) => this.#isAnnounced(name)) ||
      this.#reach.isRouted(tenant, this.#groupsOf)
    )
      return;
    try {
      await this.#reach.route(tenant);
    } catch (error) {
      this.#reach.report(error, 'bump');
    }
  }

  async #end(
    kind: OwedEnd['kind'],
    scopes: readonly Scope[],
    bumped: readonly Scope[],
  ): Promise<BumpReport> {
    const { deadlineMs, session, tenant } = this.#write;
    const told = new Map<string, boolean>();
    const tell = async ([name, hashes]: readonly [string, ScopeHashes]): Promise<void> => {
      // The database has committed: a call that begins later knows of all that was committed before.
      const tick = this.#reach.isolate.tick();
      const telling = this.#tell(name, { kind, hashes, deadlineMs });
      const isHeld = kind === 'commit' && this.#isHeld(name, telling, tick);
      told.set(name, isHeld ? true : await telling);
    };
    // An object that is told may answer that others order some of it by now.
    for (let attempt = 1; attempt <= MAX_ROUTES; attempt++) {
      const rest = [...this.#hashes(bumped)].filter(([name]) => !told.has(name));
      if (rest.length === 0) break;
      await Promise.all(rest.map(tell));
    }
    for (const { log } of this.#reach.channels(tenant, [])) {
      const { position, groups } = log.copy;
      if (position === undefined || groups === undefined) continue;
      // Who goes on elsewhere has to know of the groups that the write went by.
      asCoordinatorSession(session).raise(log.name, position, this.#reach.isolate.tick());
    }
    return { scopes, puts: 0, incomplete: [...told.values()].includes(false) };
  }

  #isAnnounced(name: string): boolean {
    return (this.#announcedAt.get(name)?.untilMs ?? 0) > this.#reach.now();
  }

  /**
   * Whether nobody has to wait until the object has been told: it holds the announcement, so that whoever asks it bypasses what the write
   * may have changed, and takes the write for committed at the deadline should it never hear of it.
   */
  #isHeld(name: string, telling: Promise<unknown>, tick: number): boolean {
    const announced = this.#announcedAt.get(name);
    if (this.#reach.host.ports.keepsAlive !== true || announced === undefined) return false;
    if (!this.#isAnnounced(name)) return false;
    // Readers of this isolate have to be told of it by the copy,
    if (!hasReached(this.#reach.isolate.log(name).copy.position, announced.position)) return false;
    // and the session, which may not be shown what was before its write, by the object: by the answer to this, or by another one.
    asCoordinatorSession(this.#write.session).saw([name], tick);
    this.#reach.host.ports.waitUntil(telling);
    return true;
  }

  /** False when readers elsewhere may not hear of it: neither was the object told, nor has it a fence to close. */
  async #tell(name: string, end: OwedEnd): Promise<boolean> {
    const { id, session } = this.#write;
    const { isolate, host } = this.#reach;
    const log = isolate.log(name);
    const tick = isolate.tick();
    const beganAtMs = this.#reach.now();
    try {
      const delta = await this.#send(name, end);
      take(host, log, delta, tick, beganAtMs);
      // A call that began after this one may have been answered before it.
      asCoordinatorSession(session).raise(name, delta, isolate.tick());
      return true;
    } catch (error) {
      isolate.owe(log, id, end);
      asCoordinatorSession(session).saw([name], isolate.tick());
      this.#reach.report(error, 'bump');
      this.#reach.background('bump', () => this.#retry());
      if (this.#isAnnounced(name)) return true;
      asCoordinatorSession(session).wroteUntold(this.#reach.now());
      return false;
    }
  }

  #send(name: string, { kind, hashes, deadlineMs }: OwedEnd): Promise<LogDelta> {
    const remote = this.#reach.remote(name);
    const since = this.#reach.isolate.log(name).copy.position;
    const { id } = this.#write;
    if (kind === 'commit') return remote.commit(id, hashes, since);
    return remote.unknown(id, hashes, deadlineMs, since);
  }

  async #retry(): Promise<void> {
    const { isolate, host } = this.#reach;
    const untilMs = this.#reach.now() + RETRIES_MS;
    // Another request may tell it, and other objects may come to be those to tell.
    let owing = isolate.owing(this.#write.id);
    for (
      let pauseMs = FIRST_PAUSE_MS;
      owing.length > 0;
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
    ) {
      await sleep(host.ports.timers, pauseMs);
      owing = isolate.owing(this.#write.id);
      try {
        await Promise.all(owing.map((log) => payOwed(host, log, this.#reach.remote(log.name))));
        owing = isolate.owing(this.#write.id);
      } catch (error) {
        if (this.#reach.now() + pauseMs >= untilMs) throw error;
      }
    }
  }

  #abortAt(name: string): void {
    const { id } = this.#write;
    this.#reach.background('fence', () => this.#reach.remote(name).abort(id));
  }

  #hashes(scopes: readonly Scope[]): Hashes {
    return this.#reach.bumps(this.#write.tenant, scopes, this.#groupsOf);
  }

  /** Never older ones than it went by before: what was announced to an object has to be ended there. */
  readonly #groupsOf: GroupsOf = (root) => {
    const known = this.#reach.groupsOf(root);
    const own = this.#groups.get(root);
    if (known === undefined || (own !== undefined && own.version > known.version)) return own;
    this.#groups.set(root, known);
    return known;
  };
}

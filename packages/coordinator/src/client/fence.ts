import {
  BoostError,
  hasReached,
  sleep,
  type BumpReport,
  type Fence,
  type LogDelta,
  type LogPosition,
  type Scope,
  type ScopeHashes,
  type WriteContext,
} from '@boost/core';
import { payOwed, take } from './group-sync.js';
import type { OwedEnd } from './isolate-log.js';
import type { CoordinatorReach } from './reach.js';
import { asCoordinatorSession } from './session.js';

/** `waitUntil` keeps a request alive for 30 seconds. */
const RETRIES_MS = 25_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 4_000;

/** An announcement that an object has stored. */
interface Announced {
  /** When the object takes the write for committed, in milliseconds of the clock. */
  readonly untilMs: number;
  /** A number of the object at which it knew of the write. */
  readonly position: LogPosition;
  /** When it answered, by the isolate's counter. */
  readonly tick: number;
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
    const hashes = this.#hashes(scopes);
    for (const name of this.#asked) if (!hashes.has(name)) this.#abortAt(name);
    return this.#end('commit', scopes, hashes);
  }

  async unknown(scopes: readonly Scope[]): Promise<BumpReport> {
    const all = [...new Set([...this.#announced, ...scopes])];
    return this.#end('unknown', scopes, this.#hashes(all));
  }

  async abort(): Promise<void> {
    const { id } = this.#write;
    await Promise.all([...this.#asked].map((name) => this.#reach.remote(name).abort(id)));
  }

  /** The failures. */
  async #announce(): Promise<readonly unknown[]> {
    const { id, deadlineMs } = this.#write;
    const { isolate, host } = this.#reach;
    const failures: unknown[] = [];
    const announce = async ([name, hashes]: readonly [string, ScopeHashes]): Promise<void> => {
      this.#asked.add(name);
      const beganAtMs = this.#reach.now();
      const tick = isolate.tick();
      try {
        const since = isolate.log(name).copy.position;
        const delta = await this.#reach.remote(name).begin(id, hashes, deadlineMs, since);
        take(host, isolate.log(name), delta, tick, beganAtMs);
        this.#announcedAt.set(name, {
          untilMs: beganAtMs + deadlineMs,
          position: delta,
          tick: isolate.tick(),
        });
      } catch (error) {
        this.#announcedAt.delete(name);
        failures.push(error);
      }
    };
    await Promise.all([...this.#hashes([...this.#announced])].map(announce));
    return failures;
  }

  async #end(
    kind: OwedEnd['kind'],
    scopes: readonly Scope[],
    byObject: Hashes,
  ): Promise<BumpReport> {
    const { deadlineMs } = this.#write;
    const told = await Promise.all(
      [...byObject].map(async ([name, hashes]) => {
        const telling = this.#tell(name, { kind, hashes, deadlineMs });
        return kind === 'commit' && this.#isHeld(name, telling) ? true : telling;
      }),
    );
    return { scopes, puts: 0, incomplete: told.includes(false) };
  }

  /**
   * Whether nobody has to wait until the object has been told: it holds the announcement, so that whoever asks it bypasses what the write
   * may have changed, and takes the write for committed at the deadline should it never hear of it.
   */
  #isHeld(name: string, telling: Promise<unknown>): boolean {
    const announced = this.#announcedAt.get(name);
    if (this.#reach.host.ports.keepsAlive !== true || announced === undefined) return false;
    if (announced.untilMs <= this.#reach.now()) return false;
    // Readers of this isolate have to be told of it by the copy,
    if (!hasReached(this.#reach.isolate.log(name).copy.position, announced.position)) return false;
    // and later reads of the session elsewhere by the object.
    asCoordinatorSession(this.#write.session).raise(name, announced.position, announced.tick);
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
      this.#reach.background('bump', () => this.#retry(name));
      const nowMs = this.#reach.now();
      if ((this.#announcedAt.get(name)?.untilMs ?? 0) > nowMs) return true;
      asCoordinatorSession(session).wroteUntold(nowMs);
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

  async #retry(name: string): Promise<void> {
    const { isolate, host } = this.#reach;
    const log = isolate.log(name);
    const untilMs = this.#reach.now() + RETRIES_MS;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      await sleep(host.ports.timers, pauseMs);
      // Another request may have told it.
      if (!log.owed.has(this.#write.id)) return;
      try {
        await payOwed(host, log, this.#reach.remote(name));
        return;
      } catch (error) {
        if (this.#reach.now() + pauseMs < untilMs) continue;
        throw error;
      }
    }
  }

  #abortAt(name: string): void {
    const { id } = this.#write;
    this.#reach.background('fence', () => this.#reach.remote(name).abort(id));
  }

  #hashes(scopes: readonly Scope[]): Hashes {
    return this.#reach.bumps(this.#write.tenant, scopes);
  }
}

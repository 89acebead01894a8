import {
  BoostError,
  sleep,
  type BumpReport,
  type Fence,
  type LogDelta,
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

type Hashes = ReadonlyMap<string, ScopeHashes>;

/** A write as its coordinators are told of it. */
export class CoordinatorFence implements Fence {
  readonly #reach: CoordinatorReach;
  readonly #write: WriteContext;
  /** Everything that was announced. */
  readonly #announced = new Set<Scope>();
  /** Objects where the announcement is durable, until when (milliseconds of the clock). */
  readonly #fencedUntilMs = new Map<string, number>();
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
    const failures: unknown[] = [];
    const announce = async ([name, hashes]: readonly [string, ScopeHashes]): Promise<void> => {
      this.#asked.add(name);
      const untilMs = this.#reach.now() + deadlineMs;
      try {
        await this.#reach.remote(name).begin(id, hashes, deadlineMs);
        this.#fencedUntilMs.set(name, untilMs);
      } catch (error) {
        this.#fencedUntilMs.delete(name);
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
      [...byObject].map(([name, hashes]) => this.#tell(name, { kind, hashes, deadlineMs })),
    );
    return { scopes, puts: 0, incomplete: told.includes(false) };
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
      asCoordinatorSession(session).raise(name, delta, tick);
      return true;
    } catch (error) {
      isolate.owe(log, id, end);
      asCoordinatorSession(session).saw([name], isolate.tick());
      this.#reach.report(error, 'bump');
      this.#reach.background('bump', () => this.#retry(name));
      const nowMs = this.#reach.now();
      if ((this.#fencedUntilMs.get(name) ?? 0) > nowMs) return true;
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

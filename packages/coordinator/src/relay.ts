import {
  hasReached,
  RelayCopy,
  type EntryQuestion,
  type LogPosition,
  type Ports,
} from '@boost/core';
import { freshen, type SyncHost } from './client/group-sync.js';
import { Isolate, IsolateLog } from './client/isolate-log.js';
import type { CoordinatorNamespace, Placement } from './client/namespace.js';
import { LogSource } from './client/log-source.js';
import { RemoteLog } from './client/remote-log.js';
import type { CheckReply, RelayAllowance, RelayDelta } from './rpc.js';

/** Milliseconds that one call of the primary may take: callers then ask it themselves. */
const PRIMARY_TIMEOUT_MS = 1_000;

export interface RelayOptions {
  readonly namespace: CoordinatorNamespace;
  readonly placement: Placement;
  /** Name of the object whose log is copied. */
  readonly primary: string;
  readonly ports: Ports;
}

/**
 * A copy of a primary's log that answers in its place, kept in memory alone: one that is made anew asks for everything again, and one that was
 * superseded asks like any other.
 */
export class Relay {
  readonly primary: string;
  readonly #copy = new RelayCopy();
  readonly #log: IsolateLog;
  readonly #host: SyncHost;
  readonly #source: LogSource;

  constructor({ namespace, placement, primary, ports }: RelayOptions) {
    const timeoutMs = PRIMARY_TIMEOUT_MS;
    this.primary = primary;
    this.#log = new IsolateLog(primary, this.#copy);
    this.#host = { isolate: new Isolate(), ports, timeoutMs };
    const remote = new RemoteLog(primary, { namespace, placement, ports, timeoutMs });
    this.#source = new LogSource({ log: this.#log, primary: remote });
  }

  async sync(
    since: LogPosition | undefined,
    allowance: RelayAllowance | undefined,
  ): Promise<RelayDelta> {
    const tick = this.#host.isolate.tick();
    const isCurrent = !this.#suffices(since, allowance);
    if (isCurrent) await freshen(this.#host, this.#log, this.#source, tick);
    const { position } = this.#copy;
    if (since !== undefined && since.incarnation === position?.incarnation) {
      // The primary was set back, and finds out when whoever has seen its future asks.
      if (since.seq > position.seq) throw new Error('the primary knows less than the caller');
    }
    const nowMs = this.#now();
    return { ...this.#copy.delta(since, nowMs), isCurrent, ageMs: nowMs - this.#log.syncedAtMs };
  }

  async check(
    incarnation: string,
    entries: readonly EntryQuestion[],
    callers: LogPosition,
  ): Promise<CheckReply> {
    const { position } = this.#copy;
    if (position?.incarnation === incarnation && hasReached(position, callers)) {
      const isQuiet = this.#copy.isQuiet(this.#now());
      const verdicts = entries.map(({ seq, hashes }) =>
        isQuiet ? 'bypass' : this.#copy.check({ incarnation, seq }, hashes),
      );
      const known = verdicts.filter((verdict) => verdict !== 'unknown');
      if (known.length === verdicts.length) return { ...position, verdicts: known };
    }
    return this.#source.check(incarnation, entries);
  }

  /** Whether what it has is enough for the caller. */
  #suffices(since: LogPosition | undefined, allowance: RelayAllowance | undefined): boolean {
    const { position } = this.#copy;
    if (allowance === undefined || position === undefined) return false;
    const ageMs = this.#now() - this.#log.syncedAtMs;
    if (ageMs < 0 || ageMs > allowance.maxAgeMs) return false;
    // Of another life of the log nobody can tell the later: the primary is asked.
    const seen = since === undefined ? allowance.positions : [since, ...allowance.positions];
    return seen.every((each) => hasReached(position, each));
  }

  #now(): number {
    return this.#host.ports.clock.now();
  }
}

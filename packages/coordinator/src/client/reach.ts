import {
  BoostError,
  scopeHash,
  type AuthorityHost,
  type IsShared,
  type Scope,
  type ScopeHashes,
} from '@boost/core';
import { bumpsApart, bumpsOfWrite } from './channels.js';
import type { RelayAllowance } from '../rpc.js';
import { relayName } from '../relay-name.js';
import type { ResolvedSharding } from '../shards/sharding-options.js';
import type { ChannelLog } from './coordinator-view.js';
import { askRelay, freshen, type SyncHost } from './group-sync.js';
import type { Isolate } from './isolate-log.js';
import type { Placement } from './namespace.js';
import { LogSource } from './log-source.js';
import { RemoteLog, type RemoteOptions } from './remote-log.js';

export interface ReachOptions {
  readonly isolate: Isolate;
  readonly host: AuthorityHost;
  readonly remote: RemoteOptions;
  readonly isShared: IsShared;
  readonly isStrict: boolean;
  readonly isApart: boolean;
  readonly sharding: ResolvedSharding;
}

/** What of the coordinator's objects a client can reach: the isolate's copies of their logs, and the objects themselves. */
export class CoordinatorReach {
  readonly isolate: Isolate;
  readonly host: SyncHost;
  /** A write that cannot be announced must not happen. */
  readonly isStrict: boolean;
  /** Nothing is read or written but by tenants, each its own. */
  readonly isApart: boolean;
  readonly sharding: ResolvedSharding;
  readonly #authorityHost: AuthorityHost;
  readonly #remote: RemoteOptions;
  readonly #isShared: IsShared;
  readonly #relayPlacement: Placement;
  readonly #share: number;

  constructor(options: ReachOptions) {
    const { isolate, host, remote, isShared, isStrict, isApart } = options;
    this.sharding = options.sharding;
    const { colo, relayLocationHint: locationHint } = options.sharding;
    const { jurisdiction } = remote.placement;
    this.#relayPlacement = {
      ...(jurisdiction === undefined ? {} : { jurisdiction }),
      ...(locationHint === undefined ? {} : { locationHint }),
    };
    // A number below 1 that is the same for all that ask one relay.
    this.#share = colo === undefined ? isolate.share(host.ports.random) : scopeHash(colo) / 2 ** 53;
    this.isolate = isolate;
    this.isStrict = isStrict;
    this.isApart = isApart;
    this.host = { isolate, ports: host.ports, timeoutMs: remote.timeoutMs };
    this.#authorityHost = host;
    this.#remote = remote;
    this.#isShared = isShared;
  }

  now(): number {
    return this.host.ports.clock.now();
  }

  remote(name: string): RemoteLog {
    return new RemoteLog(name, this.#remote);
  }

  /** Brings a copy up to date by a call that begins after `afterTick`. */
  freshen(channel: ChannelLog, afterTick: number): Promise<void> {
    return freshen(this.host, channel.log, this.source(channel), afterTick);
  }

  /** Has a relay bring a copy up to date, if it can do that by what it has. */
  async askRelay(channel: ChannelLog, allowance: RelayAllowance): Promise<void> {
    // What is owed goes with a call of the object.
    if (channel.relays === 0 || channel.log.owed.size > 0) return;
    await askRelay(this.host, channel.log, this.source(channel), allowance);
  }

  /** The object as a reader asks it. */
  source({ log, relays }: ChannelLog): LogSource {
    const primary = this.remote(log.name);
    if (relays === 0) return new LogSource({ log, primary });
    const name = relayName(log.name, Math.floor(this.#share * relays));
    const { timeoutMs, placement } = this.#remote;
    // The object itself has to have its time when the relay has had its own.
    const options = { ...this.#remote, placement: this.#relayPlacement, timeoutMs: timeoutMs / 2 };
    const relay = {
      remote: new RemoteLog(name, options),
      route: { name, placement },
      now: () => this.now(),
      report: (error: unknown) => this.report(error, 'relay'),
    };
    return new LogSource({ log, primary, relay });
  }

  bumps(
    tenant: string | null | undefined,
    scopes: readonly Scope[],
  ): ReadonlyMap<string, ScopeHashes> {
    if (!this.isApart) return bumpsOfWrite(this.#isShared, tenant, scopes);
    if (typeof tenant === 'string') return bumpsApart(tenant, scopes);
    throw new BoostError(
      'BOOST_WRITE_UNFENCED',
      'A write without tenant reaches every tenant, which coordinator.crossTenant: false rules out: the database was not asked. Write as a tenant, or leave the option out',
    );
  }

  report(error: unknown, operation: string): void {
    this.#authorityHost.report(error, operation);
  }

  /** Runs a task that outlives the answer; a failure is told and goes no further. */
  background(operation: string, task: () => Promise<void>): void {
    this.host.ports.waitUntil(
      task().catch((error: unknown) => {
        this.report(error, operation);
      }),
    );
  }
}

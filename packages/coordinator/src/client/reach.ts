import {
  BoostError,
  type AuthorityHost,
  type IsShared,
  type Scope,
  type ScopeHashes,
} from '@boost/core';
import { bumpsApart, bumpsOfWrite } from './channels.js';
import { freshen, type SyncHost } from './group-sync.js';
import type { Isolate, IsolateLog } from './isolate-log.js';
import { RemoteLog, type RemoteOptions } from './remote-log.js';

export interface ReachOptions {
  readonly isolate: Isolate;
  readonly host: AuthorityHost;
  readonly remote: RemoteOptions;
  readonly isShared: IsShared;
  readonly isStrict: boolean;
  readonly isApart: boolean;
}

/** What of the coordinator's objects a client can reach: the isolate's copies of their logs, and the objects themselves. */
export class CoordinatorReach {
  readonly isolate: Isolate;
  readonly host: SyncHost;
  /** A write that cannot be announced must not happen. */
  readonly isStrict: boolean;
  /** Nothing is read or written but by tenants, each its own. */
  readonly isApart: boolean;
  readonly #authorityHost: AuthorityHost;
  readonly #remote: RemoteOptions;
  readonly #isShared: IsShared;

  constructor({ isolate, host, remote, isShared, isStrict, isApart }: ReachOptions) {
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
  freshen(log: IsolateLog, afterTick: number): Promise<void> {
    return freshen(this.host, log, this.remote(log.name), afterTick);
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

import {
  BoostError,
  scopeHash,
  type AuthorityHost,
  type IsShared,
  type ModelGroups,
  type Scope,
  type ScopeHashes,
} from '@boost/core';
import {
  bumpsApart,
  bumpsOfWrite,
  channelsOfRead,
  rootsOf,
  type Channel,
  type GroupsOf,
  type Tenant,
} from './channels.js';
import { GROUPS_KNOWN_MS } from '../limits.js';
import type { RelayAllowance } from '../rpc.js';
import { relayName } from '../relay-name.js';
import { objectsOf } from '../shards/model-groups.js';
import { relaysOf, wantedGroups, type ResolvedSharding } from '../shards/sharding-options.js';
import type { ChannelLog } from './coordinator-view.js';
import { askRelay, freshen, take, type SyncHost } from './group-sync.js';
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

  /** The objects that a read depends on, by what is known of the groups. */
  channels(
    tenant: Tenant,
    scopes: readonly Scope[],
    groupsOf: GroupsOf = this.groupsOf,
  ): readonly ChannelLog[] {
    const roots = rootsOf(tenant, this.isApart);
    return this.#logs(tenant, channelsOfRead(roots, groupsOf, scopes));
  }

  /** The objects that every read of the tenant depends on, and those of these names that are of groups in force. */
  channelsNamed(tenant: Tenant, names: ReadonlySet<string>): readonly ChannelLog[] {
    const channels = rootsOf(tenant, this.isApart).flatMap((channel) =>
      objectsOf(channel.root, this.groupsOf(channel.root))
        .filter((name) => name === channel.root || names.has(name))
        .map((name) => ({ ...channel, name })),
    );
    return this.#logs(tenant, channels);
  }

  /** The names of all objects that reads of the tenant may depend on. */
  names(tenant: Tenant): readonly string[] {
    const roots = rootsOf(tenant, this.isApart);
    return roots.flatMap(({ root }) => objectsOf(root, this.groupsOf(root)));
  }

  /** The groups that are wanted of an object and that are newer than those it is known to have. */
  wanted(root: string, tenant: Tenant): ModelGroups | undefined {
    const groups = wantedGroups(this.sharding, root, tenant);
    const known = this.groupsOf(root)?.version ?? 0;
    return groups !== undefined && groups.version > known ? groups : undefined;
  }

  /** Has an object take the groups that are wanted of it. */
  async regroup({ log }: ChannelLog, groups: ModelGroups): Promise<void> {
    const tick = this.isolate.tick();
    const beganAtMs = this.now();
    const delta = await this.remote(log.name).regroup(groups, log.copy.position);
    take(this.host, log, delta, tick, beganAtMs);
  }

  /**
   * Whether a writer may go by what is known of the groups. An object without groups is told of every write and answers with those
   * that it has got since; of others it has to be known from lately: a change is quiet for longer than that.
   */
  isRouted(tenant: Tenant, groupsOf: GroupsOf): boolean {
    return rootsOf(tenant, this.isApart).every(({ root }) => {
      if (this.wanted(root, tenant) !== undefined) return false;
      if (groupsOf(root) === undefined) return true;
      const ageMs = this.now() - this.isolate.log(root).syncedAtMs;
      return ageMs >= 0 && ageMs <= GROUPS_KNOWN_MS;
    });
  }

  /** Learns which groups are in force. */
  async route(tenant: Tenant): Promise<void> {
    await Promise.all(
      this.channels(tenant, []).map(async (channel) => {
        await this.freshen(channel, this.isolate.tick());
        const groups = this.wanted(channel.root, tenant);
        if (groups !== undefined) await this.regroup(channel, groups);
      }),
    );
  }

  /** What a write bumps, by the name of the object. */
  bumps(
    tenant: Tenant,
    scopes: readonly Scope[],
    groupsOf: GroupsOf,
  ): ReadonlyMap<string, ScopeHashes> {
    if (!this.isApart) return bumpsOfWrite(this.#isShared, tenant, scopes, groupsOf);
    if (typeof tenant === 'string') return bumpsApart(tenant, scopes, groupsOf);
    throw new BoostError(
      'BOOST_WRITE_UNFENCED',
      'A write without tenant reaches every tenant, which coordinator.crossTenant: false rules out: the database was not asked. Write as a tenant, or leave the option out',
    );
  }

  #logs(tenant: Tenant, channels: readonly Channel[]): readonly ChannelLog[] {
    return channels.map((channel) => ({
      ...channel,
      log: this.isolate.log(channel.name),
      relays: relaysOf(this.sharding, channel.root, tenant),
    }));
  }

  /** Which groups an object tells of, as far as the isolate remembers. */
  readonly groupsOf: GroupsOf = (root) => this.isolate.log(root).copy.groups;

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

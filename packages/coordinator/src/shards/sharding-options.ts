import { assertTenant, BoostError, type ModelGroups } from '@boost/core';
import { PUBLIC, type Tenant } from '../client/channels.js';
import { checkGroups } from './model-groups.js';

/**
 * How many objects answer readers, and which order writes. Of each log there is one primary, which orders its writes; a count above 1
 * puts so many relays in front of it. All numbers are the primary's: any two deployments may have any two counts, and any two
 * versions of the groups.
 */
export interface ShardingOptions {
  /** For all that an application without tenants reads. @defaultValue 1 */
  readonly defaultShards?: number;
  /** Where there are tenants, for what belongs to none: shared models, writes without tenant. @defaultValue 1 */
  readonly publicShards?: number;
  /** For the data of these tenants. @defaultValue 1 for each tenant that is not named */
  readonly tenantShards?: Readonly<Record<string, number>>;
  /**
   * Groups of models whose writes an object each orders, for an application without tenants: for more writes than one object takes, some
   * hundreds a second. A read asks an object for each group that it touches. Models that are written together belong together:
   * `placementHints` of `prisma-boost/analytics` says which are, and `PrivateShardRouter.recommendGroups` what to give here.
   *
   * Of all deployments the one with the highest version counts, for good. A change costs what is cached, and some 40 seconds
   * without a cache. To have one object again, give a higher version and no groups.
   *
   * @defaultValue none: one object orders all writes
   */
  readonly defaultGroups?: ModelGroups;
  /** The same for what belongs to no tenant, where there are tenants. @defaultValue none */
  readonly publicGroups?: ModelGroups;
  /** The same for the data of these tenants. @defaultValue none */
  readonly tenantGroups?: Readonly<Record<string, ModelGroups>>;
  /**
   * The data centre of the request, `request.cf?.colo`: isolates of one data centre then ask the same relay, which is made near them.
   *
   * @defaultValue each isolate has a relay of its own choice
   */
  readonly colo?: string;
  /** Where relays are made that nobody has asked for yet: `weur`, `enam`, … @defaultValue where the first caller is */
  readonly relayLocationHint?: string;
}

export interface ResolvedSharding {
  readonly defaultShards: number;
  readonly publicShards: number;
  readonly tenantShards: ReadonlyMap<string, number>;
  readonly defaultGroups: ModelGroups | undefined;
  readonly publicGroups: ModelGroups | undefined;
  readonly tenantGroups: ReadonlyMap<string, ModelGroups>;
  readonly colo: string | undefined;
  readonly relayLocationHint: string | undefined;
}

/** Each relay asks the primary once at a time: more of them than this would be more than it can answer. */
const MAX_SHARDS = 256;

const NAMES: ReadonlySet<string> = new Set<keyof ShardingOptions>([
  'defaultShards',
  'publicShards',
  'tenantShards',
  'defaultGroups',
  'publicGroups',
  'tenantGroups',
  'colo',
  'relayLocationHint',
]);

/** @throws BoostError `BOOST_OPTION_INVALID`; `BOOST_TENANT_INVALID`, `BOOST_TENANT_RESERVED` for a name that no tenant has */
export function resolveSharding(options: ShardingOptions): ResolvedSharding {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw invalid('', 'is no object: give { defaultShards, publicShards, tenantShards }');
  }
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !NAMES.has(name)) throw invalid(name, 'is no option');
  }
  const { defaultShards = 1, publicShards = 1, tenantShards = {}, tenantGroups = {} } = options;
  const { colo, relayLocationHint } = options;
  for (const [name, value] of Object.entries({ tenantShards, tenantGroups })) {
    if (typeof value !== 'object' || (value as unknown) === null) {
      throw invalid(name, 'is no object with the names of tenants');
    }
  }
  for (const [name, value] of Object.entries({ colo, relayLocationHint })) {
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw invalid(name, 'is no text: leave it out where it is not known');
    }
  }
  const byTenant = Object.entries(tenantShards).map(
    ([tenant, count]) =>
      [assertTenant(tenant), checkCount(`tenantShards.${tenant}`, count)] as const,
  );
  return {
    defaultShards: checkCount('defaultShards', defaultShards),
    publicShards: checkCount('publicShards', publicShards),
    tenantShards: new Map(byTenant),
    defaultGroups: groupsOption('defaultGroups', options.defaultGroups),
    publicGroups: groupsOption('publicGroups', options.publicGroups),
    tenantGroups: new Map(
      Object.entries(tenantGroups).map(([tenant, groups]) => [
        assertTenant(tenant),
        checkGroups(`coordinator.sharding.tenantGroups.${tenant}`, groups),
      ]),
    ),
    colo,
    relayLocationHint,
  };
}

/** Objects that answer the reads of a tenant by its own data. */
export function shardsOf({ tenantShards }: ResolvedSharding, tenant: string): number {
  return tenantShards.get(tenant) ?? 1;
}

/** Relays in front of an object that a reader of the tenant depends on: 0 where it answers itself. */
export function relaysOf(sharding: ResolvedSharding, object: string, tenant: Tenant): number {
  let shards = sharding.publicShards;
  if (tenant === undefined) shards = sharding.defaultShards;
  else if (tenant !== null && object !== PUBLIC) shards = shardsOf(sharding, tenant);
  return shards === 1 ? 0 : shards;
}

/** The groups that are wanted of an object that a reader or writer of the tenant depends on. */
export function wantedGroups(
  sharding: ResolvedSharding,
  object: string,
  tenant: Tenant,
): ModelGroups | undefined {
  if (tenant === undefined) return sharding.defaultGroups;
  if (tenant === null || object === PUBLIC) return sharding.publicGroups;
  return sharding.tenantGroups.get(tenant);
}

function groupsOption(name: string, groups: unknown): ModelGroups | undefined {
  return groups === undefined ? undefined : checkGroups(`coordinator.sharding.${name}`, groups);
}

function checkCount(name: string, count: unknown): number {
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= MAX_SHARDS) {
    return count;
  }
  throw invalid(name, `is ${String(count)}, not a whole number from 1 to ${MAX_SHARDS}`);
}

function invalid(name: string, why: string): BoostError {
  const option = name === '' ? 'coordinator.sharding' : `coordinator.sharding.${name}`;
  return new BoostError('BOOST_OPTION_INVALID', `The option ${option} ${why}`, {
    details: { option },
  });
}

import { assertTenant, BoostError } from '@boost/core';
import { PUBLIC, type Tenant } from '../client/channels.js';

/**
 * How many objects answer readers. Of each log there is one primary, which orders its writes; a count above 1 puts so many relays in front
 * of it. All numbers are the primary's: any two deployments may have any two counts.
 */
export interface ShardingOptions {
  /** For all that an application without tenants reads. @defaultValue 1 */
  readonly defaultShards?: number;
  /** Where there are tenants, for what belongs to none: shared models, writes without tenant. @defaultValue 1 */
  readonly publicShards?: number;
  /** For the data of these tenants. @defaultValue 1 for each tenant that is not named */
  readonly tenantShards?: Readonly<Record<string, number>>;
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
  readonly colo: string | undefined;
  readonly relayLocationHint: string | undefined;
}

/** Each relay asks the primary once at a time: more of them than this would be more than it can answer. */
const MAX_SHARDS = 256;

const NAMES: ReadonlySet<string> = new Set<keyof ShardingOptions>([
  'defaultShards',
  'publicShards',
  'tenantShards',
  'colo',
  'relayLocationHint',
]);

/** @throws BoostError `BOOST_OPTION_INVALID`; `BOOST_TENANT_INVALID`, `BOOST_TENANT_RESERVED` for a name that no tenant has */
export function resolveSharding(options: ShardingOptions): ResolvedSharding {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw invalid('', 'is no object: give { defaultShards, publicShards, tenantShards }');
  }
  if ('modelGroups' in options) {
    throw invalid(
      'modelGroups',
      'is not in this version: one object orders the writes of a tenant',
    );
  }
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !NAMES.has(name)) throw invalid(name, 'is no option');
  }
  const { defaultShards = 1, publicShards = 1, tenantShards = {} } = options;
  const { colo, relayLocationHint } = options;
  if (typeof tenantShards !== 'object' || (tenantShards as unknown) === null) {
    throw invalid('tenantShards', 'is no object of counts by tenant');
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

import { BoostError } from '@boost/core';
import {
  resolveSharding,
  type ResolvedSharding,
  type ShardingOptions,
} from '../shards/sharding-options.js';
import type { CoordinatorNamespace, Placement } from './namespace.js';

/** The option `coordinator` of `createCacheExtension`. */
export interface CoordinatorOptions extends Placement {
  /** The binding of the Durable Object class `EpochCoordinator`. */
  readonly namespace: CoordinatorNamespace;
  /** How many objects answer the readers of a tenant. @defaultValue one for each tenant, and one for what belongs to none */
  readonly sharding?: ShardingOptions;
  /**
   * Milliseconds for which an isolate answers `session` reads without asking the coordinator what is new. The session's own writes,
   * and what it has seen, count at once.
   *
   * @defaultValue 5000
   */
  readonly maxStalenessMs?: number;
  /**
   * What happens to a write while the coordinator cannot be reached. `false`: it fails with `BOOST_WRITE_UNFENCED` before the
   * database is asked. `true`: it goes on, its invalidation is told as soon as possible, and `strong` reads ask the database.
   *
   * @defaultValue `false` where `strong` is configured, else `true`
   */
  readonly allowUnfenced?: boolean;
  /**
   * `false`: no operation concerns more than one tenant, so that each asks its own object alone. A write without tenant is then
   * refused with `BOOST_WRITE_UNFENCED`, a read without tenant asks the database, and no model may be `shared`. All deployments over one
   * database have to agree.
   *
   * @defaultValue true
   */
  readonly crossTenant?: boolean;
}

export interface ResolvedCoordinatorOptions {
  readonly crossTenant: boolean;
  readonly namespace: CoordinatorNamespace;
  readonly placement: Placement;
  readonly sharding: ResolvedSharding;
  readonly maxStalenessMs: number;
  readonly allowUnfenced: boolean | undefined;
}

const DEFAULT_MAX_STALENESS_MS = 5_000;
const NAMES: ReadonlySet<string> = new Set<keyof CoordinatorOptions>([
  'namespace',
  'sharding',
  'maxStalenessMs',
  'allowUnfenced',
  'crossTenant',
  'locationHint',
  'jurisdiction',
]);

/** @throws BoostError `BOOST_OPTION_INVALID` */
export function resolveOptions(options: CoordinatorOptions): ResolvedCoordinatorOptions {
  const { namespace, maxStalenessMs = DEFAULT_MAX_STALENESS_MS, allowUnfenced } = options;
  const { locationHint, jurisdiction, crossTenant = true, sharding = {} } = options;
  if (typeof (namespace as Partial<CoordinatorNamespace> | null)?.idFromName !== 'function') {
    throw invalid('namespace', 'is no binding of a Durable Object: give env.EPOCH_COORDINATOR');
  }
  if (!(typeof maxStalenessMs === 'number' && maxStalenessMs >= 0)) {
    throw invalid('maxStalenessMs', 'is no number of milliseconds, 0 or more');
  }
  if (allowUnfenced !== undefined && typeof allowUnfenced !== 'boolean') {
    throw invalid('allowUnfenced', 'is neither true nor false');
  }
  if (typeof crossTenant !== 'boolean') throw invalid('crossTenant', 'is neither true nor false');
  for (const [name, value] of Object.entries({ locationHint, jurisdiction })) {
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw invalid(name, 'is no text');
    }
  }
  const placement: Placement = {
    ...(locationHint === undefined ? {} : { locationHint }),
    ...(jurisdiction === undefined ? {} : { jurisdiction }),
  };
  return {
    namespace,
    placement,
    sharding: resolveSharding(sharding),
    maxStalenessMs,
    allowUnfenced,
    crossTenant,
  };
}

/**
 * Refuses names that are no options.
 *
 * @throws BoostError `BOOST_OPTION_INVALID`
 */
export function checkCoordinatorOptions(options: unknown): CoordinatorOptions {
  if (typeof options !== 'object' || options === null) {
    throw invalid('', 'is no object: give { namespace: env.EPOCH_COORDINATOR }');
  }
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !NAMES.has(name)) throw invalid(name, 'is no option');
  }
  resolveOptions(options as CoordinatorOptions);
  return options as CoordinatorOptions;
}

function invalid(name: string, why: string): BoostError {
  const option = name === '' ? 'coordinator' : `coordinator.${name}`;
  return new BoostError('BOOST_OPTION_INVALID', `The option ${option} ${why}`, {
    details: { option },
  });
}

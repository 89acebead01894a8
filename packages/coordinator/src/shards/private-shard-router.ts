import {
  optionError,
  recommendedShards,
  REQUESTS_PER_OBJECT,
  type Clock,
  type ModelGroups,
} from '@boost/core';
import { checkGroups, isSameGrouping } from './model-groups.js';
import {
  resolveSharding,
  shardsOf,
  type ResolvedSharding,
  type ShardingOptions,
} from './sharding-options.js';
import { ratesOf } from './rates.js';
import { MAX_WINDOW_SECONDS, TRAFFIC, type Traffic } from './traffic.js';

/** A tenant in its busiest minute, as `detectHotTenants` of `prisma-boost/analytics` tells it of all isolates. */
export interface ObservedPeak {
  readonly tenant: string;
  readonly peakReadsPerSecond: number;
}

export interface RouterSurroundings {
  /** @defaultValue the machine's */
  readonly clock?: Clock;
  /** Which models belong together, by `placementHints` of `prisma-boost/analytics`. @defaultValue nothing is known of it */
  readonly placementHints?: readonly (readonly string[])[];
  /** What requests are counted in. @defaultValue what all clients of this isolate count in */
  readonly traffic?: Traffic;
}

/** Over which `recommendShardCount` looks, in milliseconds. */
const RECOMMENDATION_WINDOW_MS = 60_000;

/**
 * Says how many objects answer for a tenant, and which tenants need more of them by what this isolate sees: other isolates see
 * other requests. For figures of all isolates give it those of analytics, by `seed`.
 *
 * ```ts
 * const router = new PrivateShardRouter({ tenantShards: { 'acme-corp': 8 } });
 * router.detectHotTenants(60_000); // { 'acme-corp': 2847 }
 * router.recommendShardCount('startup-xyz'); // 2
 * ```
 */
export class PrivateShardRouter {
  readonly #sharding: ResolvedSharding;
  readonly #clock: Clock;
  readonly #traffic: Traffic;
  readonly #hints: readonly (readonly string[])[] | undefined;
  readonly #peaks = new Map<string, number>();

  /** @throws BoostError `BOOST_OPTION_INVALID`; `BOOST_TENANT_INVALID`, `BOOST_TENANT_RESERVED` for a name that no tenant has */
  constructor(sharding: ShardingOptions, surroundings: RouterSurroundings = {}) {
    this.#sharding = resolveSharding(sharding);
    this.#clock = surroundings.clock ?? { now: () => Date.now() };
    this.#traffic = surroundings.traffic ?? TRAFFIC;
    this.#hints = surroundings.placementHints;
  }

  /** Objects that answer the reads of a tenant by its own data: 1 is its primary alone, more are relays of it. */
  shardCount(tenant: string): number {
    return shardsOf(this.#sharding, tenant);
  }

  /**
   * Requests a second of the tenants that had more than one object answers (1,000), on average over the last `windowMs` milliseconds,
   * the busiest first. Requests are reads and writes, cached or not: the objects themselves are asked less often.
   *
   * @param windowMs - 1,000 to 300,000
   * @throws BoostError `BOOST_OPTION_INVALID`
   */
  detectHotTenants(windowMs: number): Readonly<Record<string, number>> {
    const hot = [...this.#rates(windowMs)].filter(([, rate]) => rate > REQUESTS_PER_OBJECT);
    hot.sort(([, a], [, b]) => b - a);
    return Object.fromEntries(hot.map(([tenant, rate]) => [tenant, Math.round(rate)]));
  }

  /** The count for `tenantShards` that the tenant's requests of the last minute need: 1 for one that was not seen. */
  recommendShardCount(tenant: string): number {
    return recommendedShards(this.#rates(RECOMMENDATION_WINDOW_MS).get(tenant) ?? 0);
  }

  /**
   * What to give as `tenantGroups` of the tenant, for more writes than one object orders: the hints, under a version of their own.
   * Undefined where there are none, or the tenant's groups are the same: a change costs what is cached.
   *
   * @throws BoostError `BOOST_OPTION_INVALID` for hints that have a model twice, or too many groups
   */
  recommendGroups(tenant: string): ModelGroups | undefined {
    const current = this.#sharding.tenantGroups.get(tenant);
    if (this.#hints === undefined) return undefined;
    const version = (current?.version ?? 0) + 1;
    const wanted = checkGroups('placementHints', { version, groups: this.#hints });
    return isSameGrouping(wanted, current) ? undefined : wanted;
  }

  /**
   * Takes what all isolates have seen. Of a tenant the greater figure counts, this or what is seen here.
   *
   * @throws BoostError `BOOST_OPTION_INVALID` for a rate that is none
   */
  seed(peaks: Iterable<ObservedPeak>): void {
    for (const { tenant, peakReadsPerSecond } of peaks) {
      if (!(peakReadsPerSecond >= 0)) {
        throw optionError('peakReadsPerSecond', peakReadsPerSecond, 'give requests a second');
      }
      this.#peaks.set(tenant, peakReadsPerSecond);
    }
  }

  #rates(windowMs: number): ReadonlyMap<string, number> {
    const seconds = Math.ceil(windowMs / 1_000);
    if (!(windowMs >= 1_000 && seconds <= MAX_WINDOW_SECONDS)) {
      throw optionError('windowMs', windowMs, 'give 1,000 to 300,000 milliseconds');
    }
    const rates = ratesOf(this.#traffic, seconds, this.#clock.now());
    for (const [tenant, peak] of this.#peaks) {
      rates.set(tenant, Math.max(peak, rates.get(tenant) ?? 0));
    }
    return rates;
  }
}

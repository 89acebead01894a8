import type { CacheAdapter, Clock, ReadOptions } from '@boost/core';
import { createChance } from './chance.js';
import { passing } from './faulty-operation.js';

export interface LagOptions {
  readonly seed: number;
  readonly clock: Clock;
  /** Longest time in milliseconds for which a value is answered from a copy; each key has a part of it. */
  readonly maxLagMs: number;
}

/**
 * The store as one data centre sees it: what was read is answered from a copy for a while, whatever others write meanwhile; own
 * writes are seen at once. What is not there is asked for each time: see `withNegativeCaching`. An isolate of its own.
 */
export function withLag(adapter: CacheAdapter, options: LagOptions): CacheAdapter {
  const { seed, clock, maxLagMs } = options;
  const chance = createChance(seed);
  return copying(adapter, clock, (value) => (value === null ? 0 : 1 + chance.below(maxLagMs)));
}

export interface NegativeCachingOptions {
  readonly clock: Clock;
  /** Milliseconds for which what was not there stays so. */
  readonly forMs: number;
}

/** The store as a data centre sees it that remembers what was not there, whatever others write meanwhile. An isolate of its own. */
export function withNegativeCaching(
  adapter: CacheAdapter,
  options: NegativeCachingOptions,
): CacheAdapter {
  const { clock, forMs } = options;
  return copying(adapter, clock, (value) => (value === null ? forMs : 0));
}

interface Copy {
  readonly value: string | null;
  readonly untilMs: number;
}

/** @param keepsMs - for how long what was read is answered from the copy */
function copying(
  adapter: CacheAdapter,
  clock: Clock,
  keepsMs: (value: string | null) => number,
): CacheAdapter {
  const copies = new Map<string, Copy>();
  const isCurrent = (key: string): boolean => (copies.get(key)?.untilMs ?? 0) > clock.now();

  async function getMany(
    keys: readonly string[],
    options?: ReadOptions,
  ): Promise<Map<string, string | null>> {
    const missing = keys.filter((key) => !isCurrent(key));
    const found = await adapter.getMany(missing, options);
    for (const [key, value] of found) {
      copies.set(key, { value, untilMs: clock.now() + keepsMs(value) });
    }
    return new Map(keys.map((key) => [key, copies.get(key)?.value ?? null]));
  }

  return {
    ...passing(adapter, {
      getMany,
      async set(key, value, given) {
        await adapter.set(key, value, given);
        copies.delete(key);
      },
      async delete(key, given) {
        await adapter.delete(key, given);
        copies.delete(key);
      },
      async deleteMany(keys, given) {
        const result = await adapter.deleteMany(keys, given);
        for (const key of keys) copies.delete(key);
        return result;
      },
    }),
    identity: {},
  };
}

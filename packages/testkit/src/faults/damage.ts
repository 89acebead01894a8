import type { CacheAdapter } from '@boost/core';
import { createChance } from './chance.js';
import { passing } from './faulty-operation.js';

export interface DamageOptions {
  readonly seed: number;
  /** Of a value that is damaged: 0 to 1. */
  readonly probability: number;
}

/** The store acknowledges some puts and keeps nothing of them. */
export function withLostPuts(adapter: CacheAdapter, options: DamageOptions): CacheAdapter {
  const { seed, probability } = options;
  const chance = createChance(seed);
  return passing(adapter, {
    async set(key, value, given) {
      if (!chance.happens(probability)) await adapter.set(key, value, given);
    },
  });
}

/** Some values are read with their end cut off, as one whose put was interrupted. */
export function withTornValues(adapter: CacheAdapter, options: DamageOptions): CacheAdapter {
  const { seed, probability } = options;
  const chance = createChance(seed);
  const torn = (value: string | null): string | null =>
    value === null || value === '' || !chance.happens(probability)
      ? value
      : value.slice(0, chance.below(value.length));
  return passing(adapter, {
    async getMany(keys, given) {
      const values = await adapter.getMany(keys, given);
      return new Map([...values].map(([key, value]) => [key, torn(value)]));
    },
  });
}

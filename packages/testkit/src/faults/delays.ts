import type { CacheAdapter, Timers } from '@boost/core';
import { createChance } from './chance.js';
import { surrounding } from './faulty-operation.js';

export interface DelayOptions {
  readonly seed: number;
  /** Of a call that is late: 0 to 1. @defaultValue 1 */
  readonly probability?: number;
  /** Longest delay in milliseconds; each is a part of it. */
  readonly maxMs: number;
  readonly timers: Timers;
}

/** Some calls reach the store late, so that they overtake each other. */
export function withDelays(adapter: CacheAdapter, options: DelayOptions): CacheAdapter {
  const { seed, probability = 1, maxMs, timers } = options;
  const chance = createChance(seed);
  return surrounding(adapter, async (_, call) => {
    if (chance.happens(probability)) {
      const delayMs = 1 + chance.below(maxMs);
      await new Promise<void>((resolve) => void timers.set(delayMs, resolve));
    }
    return call();
  });
}

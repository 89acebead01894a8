import {
  createMemoryAdapter,
  createTwoTierAdapter,
  type CacheAdapter,
  type CacheTier,
} from '@boost/core';
import { describe } from 'vitest';
import {
  testAdapter,
  withDelays,
  withErrors,
  withLostPuts,
  withRateLimits,
  withTornValues,
} from '../src/index.js';
import { passing } from '../src/faults/faulty-operation.js';
import { memoryStore } from './support/memory.js';

const never = { seed: 1, probability: 0 };
const timers = {
  set(delayMs: number, run: () => void) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

describe.each([true, false])('memory, shared: %s', (shared) => {
  const { adapter, capabilities } = memoryStore(shared);
  testAdapter(() => adapter, capabilities);
});

function inTier(adapter: CacheAdapter, tier: CacheTier): CacheAdapter {
  return { ...passing(adapter, {}), capabilities: { ...adapter.capabilities, tier } };
}

describe('two tiers', () => {
  const far = memoryStore();
  const near = (tier: CacheTier): CacheAdapter =>
    inTier(createMemoryAdapter({ clock: far.clock }), tier);
  const make = (l1: CacheAdapter, l2: CacheAdapter): CacheAdapter =>
    createTwoTierAdapter({ clock: far.clock, l1, l2 });
  const capabilities = { ...far.capabilities, consistency: 'eventual', tier: 'l2' } as const;
  const l2 = inTier(far.adapter, 'l2');

  describe('each client with a near store of its own', () => {
    testAdapter(() => make(near('memory'), l2), capabilities);
  });
  describe('three of them', () => {
    testAdapter(() => make(near('memory'), make(near('l1'), l2)), capabilities);
  });
  describe('with a near store that keeps nothing', () => {
    const lossy = withLostPuts(near('l1'), { seed: 1, probability: 1 });
    testAdapter(() => make(lossy, l2), capabilities);
  });
});

describe('faults that never happen', () => {
  const { adapter, capabilities } = memoryStore();
  const faultless = [
    (inner: CacheAdapter) => withErrors(inner, never),
    (inner: CacheAdapter) => withRateLimits(inner, never),
    (inner: CacheAdapter) => withLostPuts(inner, never),
    (inner: CacheAdapter) => withTornValues(inner, never),
    (inner: CacheAdapter) => withDelays(inner, { ...never, maxMs: 1, timers }),
  ].reduce((inner, wrap) => wrap(inner), adapter);
  testAdapter(() => faultless, capabilities);
});

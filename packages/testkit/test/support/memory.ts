import { createMemoryAdapter, type CacheAdapter } from '@boost/core';
import type { TestCapabilities } from '../../src/index.js';

/** A store whose time stands still until it is moved. */
export interface Store {
  readonly adapter: CacheAdapter;
  readonly clock: { now(): number };
  readonly capabilities: TestCapabilities;
  advance(ms: number): void;
}

export function memoryStore(shared = true): Store {
  let nowMs = 1_800_000_000_000;
  const clock = { now: () => nowMs };
  const adapter = createMemoryAdapter({ clock, shared, maxValueBytes: 100_000 });
  const advance = (ms: number): void => void (nowMs += ms);
  return {
    adapter,
    clock,
    advance,
    capabilities: {
      maxKeyBytes: 512,
      maxValueBytes: 100_000,
      minTtlSeconds: 0,
      maxKeysPerGet: Number.MAX_SAFE_INTEGER,
      consistency: 'strong',
      shared,
      list: true,
      tier: 'memory',
      expiry: { advance },
    },
  };
}

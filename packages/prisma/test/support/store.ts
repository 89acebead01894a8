import { createMemoryAdapter, type CacheAdapter, type Clock } from '@boost/core';

export const systemClock: Clock = { now: () => Date.now() };

/** A store of this process, exact and without lag. */
export function memoryStore(clock: Clock = systemClock): CacheAdapter {
  return createMemoryAdapter({ clock });
}

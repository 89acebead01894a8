import { createMemoryAdapter, type CacheAdapter, type Clock } from '@boost/core';

export const systemClock: Clock = { now: () => Date.now() };

/** A store of this process, exact and without lag. */
export function memoryStore(clock: Clock = systemClock): CacheAdapter {
  return createMemoryAdapter({ clock });
}

/** The same as a store that several isolates share: epochs lie in it, as they do in KV. */
export function sharedStore(): CacheAdapter {
  return createMemoryAdapter({ clock: systemClock, shared: true });
}

import { createMemoryAdapter as createWithClock, type CacheAdapter } from '@boost/core';

export interface MemoryAdapterOptions {
  /**
   * Most bytes kept; beyond it what was used longest ago goes first.
   *
   * @defaultValue 67_108_864 (64 MiB)
   */
  readonly maxBytes?: number;
}

/**
 * A store in the memory of this process: for tests, for development, and for a server that is one process and the only writer of
 * its database. Several processes, or isolates of a worker, would not hear of each other's writes: they need a store that
 * they share, such as KV.
 *
 * @throws BoostError `BOOST_OPTION_INVALID` when `maxBytes` is not a positive number
 */
export function createMemoryAdapter(options: MemoryAdapterOptions = {}): CacheAdapter {
  return createWithClock({ ...options, clock: { now: () => Date.now() } });
}

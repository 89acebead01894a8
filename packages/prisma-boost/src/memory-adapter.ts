import {
  BoostError,
  createMemoryAdapter as createWithEntries,
  type CacheAdapter,
  type MemoryEntry,
} from '@boost/core';
import { LRUCache } from 'lru-cache';

export interface MemoryAdapterOptions {
  /**
   * Most bytes kept, keys and values at two bytes per character; beyond it what was used longest ago goes first. A worker's
   * isolate has 128 MB for everything.
   *
   * @defaultValue 67_108_864 (64 MiB)
   */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/**
 * A store in the memory of this process or isolate. In a worker: as `l1` of `createTwoTierAdapter`, made once, outside of `fetch`.
 * Alone: for tests, for development, and for a server that is one process and the only writer of its database. Several processes,
 * or isolates of a worker, would not hear of each other's writes.
 *
 * @throws BoostError `BOOST_OPTION_INVALID` when `maxBytes` is not a whole, positive number
 */
export function createMemoryAdapter(options: MemoryAdapterOptions = {}): CacheAdapter {
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  if (!(Number.isSafeInteger(maxBytes) && maxBytes > 0)) {
    throw new BoostError(
      'BOOST_OPTION_INVALID',
      `maxBytes of the memory adapter is ${maxBytes}; give a whole number of bytes, at least 1`,
      { details: { option: 'maxBytes' } },
    );
  }
  return createWithEntries({
    clock: { now: () => Date.now() },
    entries: new LRUCache<string, MemoryEntry>({ maxSize: maxBytes }),
    // A character of one byte takes two.
    maxValueBytes: Math.max(1, Math.floor(maxBytes / 2)),
  });
}

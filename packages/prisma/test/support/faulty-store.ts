import type { CacheAdapter } from '@boost/core';
import { createMemoryAdapter } from '@boost/core';
import { systemClock } from './store.js';

/** How a call to the store ends: as it should, with an error, or never. */
export type Ending = 'well' | 'error' | 'never';

/** A store with epochs in it, as in KV, whose reads and writes go wrong as the test says. */
export class FaultyStore {
  reads: Ending = 'well';
  writes: Ending = 'well';
  /** Reads that arrived. */
  asked = 0;
  readonly adapter: CacheAdapter;

  constructor() {
    const inner = createMemoryAdapter({ clock: systemClock, shared: true });
    this.adapter = {
      name: 'faulty',
      capabilities: inner.capabilities,
      get: (key, options) => inner.get(key, options),
      getMany: (keys, options) => {
        this.asked += 1;
        return ending(this.reads, () => inner.getMany(keys, options));
      },
      set: (key, value, options) => ending(this.writes, () => inner.set(key, value, options)),
      delete: (key, options) => inner.delete(key, options),
      deleteMany: (keys, options) => inner.deleteMany(keys, options),
      list: (prefix, options) => inner.list(prefix, options),
    };
  }
}

function ending<Result>(how: Ending, run: () => Promise<Result>): Promise<Result> {
  if (how === 'well') return run();
  if (how === 'error') return Promise.reject(new TypeError('the network is down'));
  return new Promise(() => undefined);
}

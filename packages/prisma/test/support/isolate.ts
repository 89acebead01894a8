import type { CacheAdapter } from '@boost/core';

/** What may happen between an isolate and the store. */
export interface StoreHooks {
  /** Awaited before a value is put. */
  beforeSet?(put: { readonly value: string; readonly isEpoch: boolean }): unknown;
  /** Awaited when the store has the value, before the isolate hears of it. */
  afterSet?(put: { readonly value: string; readonly isEpoch: boolean }): unknown;
  /** Changes what was read. */
  onRead?(values: Map<string, string | null>): void;
}

/** The same store as another isolate sees it: what the first remembers of its own writes and flights, this one does not know. */
export function isolateOver(store: CacheAdapter, hooks: StoreHooks = {}): CacheAdapter {
  return {
    name: store.name,
    capabilities: store.capabilities,
    get: (key, options) => store.get(key, options),
    async getMany(keys, options) {
      const values = await store.getMany(keys, options);
      hooks.onRead?.(values);
      return values;
    },
    async set(key, value, options) {
      const put = { value, isEpoch: options.authoritative === true };
      await hooks.beforeSet?.(put);
      await store.set(key, value, options);
      await hooks.afterSet?.(put);
    },
    delete: (key, options) => store.delete(key, options),
    deleteMany: (keys, options) => store.deleteMany(keys, options),
    list: (prefix, options) => store.list(prefix, options),
  };
}

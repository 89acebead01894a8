import type { CacheAdapter } from '@boost/core';

/** Clients of an isolate know each other by its binding, which is one object for all its requests. */
export function withIdentity(adapter: CacheAdapter, identity: object): CacheAdapter {
  return {
    name: adapter.name,
    capabilities: adapter.capabilities,
    identity,
    get: (key, options) => adapter.get(key, options),
    getMany: (keys, options) => adapter.getMany(keys, options),
    set: (key, value, options) => adapter.set(key, value, options),
    delete: (key, options) => adapter.delete(key, options),
    deleteMany: (keys, options) => adapter.deleteMany(keys, options),
    list: (prefix, options) => adapter.list(prefix, options),
  };
}

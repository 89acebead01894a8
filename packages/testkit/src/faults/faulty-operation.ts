import type { CacheAdapter } from '@boost/core';

/** What goes wrong: reads (`get`, `getMany`), `set`, deletes (`delete`, `deleteMany`), `list`. */
export type FaultyOperation = 'get' | 'set' | 'delete' | 'list';

export const ALL_OPERATIONS: readonly FaultyOperation[] = ['get', 'set', 'delete', 'list'];

/** Done in place of a call, which it may make. */
export type Around = <Result>(
  operation: FaultyOperation,
  call: () => Promise<Result>,
) => Promise<Result>;

/** The adapter with every call passed on as `methods` say; nothing is at hand any more, since that would pass them by. */
export function passing(adapter: CacheAdapter, methods: Partial<CacheAdapter>): CacheAdapter {
  const { name, capabilities, operationTimeout } = adapter;
  const getMany: CacheAdapter['getMany'] =
    methods.getMany ?? ((keys, options) => adapter.getMany(keys, options));
  return {
    name,
    capabilities,
    identity: adapter.identity ?? adapter,
    ...(operationTimeout === undefined ? {} : { operationTimeout }),
    get: async (key, options) => (await getMany([key], options)).get(key) ?? null,
    set: (key, value, options) => adapter.set(key, value, options),
    delete: (key, options) => adapter.delete(key, options),
    deleteMany: (keys, options) => adapter.deleteMany(keys, options),
    list: (prefix, options) => adapter.list(prefix, options),
    ...methods,
    getMany,
  };
}

/** The adapter with the same done around every call. */
export function surrounding(adapter: CacheAdapter, around: Around): CacheAdapter {
  return passing(adapter, {
    getMany: (keys, options) => around('get', () => adapter.getMany(keys, options)),
    set: (key, value, options) => around('set', () => adapter.set(key, value, options)),
    delete: (key, options) => around('delete', () => adapter.delete(key, options)),
    deleteMany: (keys, options) => around('delete', () => adapter.deleteMany(keys, options)),
    list: (prefix, options) => around('list', () => adapter.list(prefix, options)),
  });
}

export { createKVAdapter, type KVAdapterOptions } from '@boost/adapter-kv';
export type {
  AdapterCapabilities,
  CacheAdapter,
  CallOptions,
  DeleteManyResult,
  ListOptions,
  ListResult,
  ReadOptions,
  WriteOptions,
} from '@boost/core';

export { createKVAdapter, type KVAdapterOptions } from '@boost/adapter-kv';
export { createMemoryAdapter, type MemoryAdapterOptions } from './memory-adapter.js';
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

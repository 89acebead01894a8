export { createCFCacheAdapter, type CFCacheAdapterOptions } from '@boost/adapter-cfcache';
export { createKVAdapter, type KVAdapterOptions } from '@boost/adapter-kv';
export {
  createRemoteCloudflareAdapter,
  type ListedKey,
  type RemoteCloudflareAdapter,
  type RemoteCloudflareAdapterOptions,
  type RemoteEntry,
  type RemoteListResult,
  type RemoteWriteOptions,
  type SetManyResult,
  type ValueWithMetadata,
} from '@boost/adapter-remote';
export { cloudflareKVAdapter } from './cloudflare-kv-adapter.js';
export { createMemoryAdapter, type MemoryAdapterOptions } from './memory-adapter.js';
export { createTwoTierAdapter, type TwoTierAdapterOptions } from './two-tier-adapter.js';
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

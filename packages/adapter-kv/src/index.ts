export { createKVAdapter, type KVAdapterOptions } from './kv-adapter.js';
export type { KVListResult, KVNamespaceLike, KVReadOptions } from './kv-namespace.js';

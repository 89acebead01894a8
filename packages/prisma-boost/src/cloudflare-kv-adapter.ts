import { createKVAdapter, type KVAdapterOptions } from '@boost/adapter-kv';
import type { CacheAdapter } from '@boost/core';

/** `createKVAdapter` for nothing but a binding. */
export function cloudflareKVAdapter(kv: KVAdapterOptions['kv']): CacheAdapter {
  return createKVAdapter({ kv });
}

import {
  createCFCacheAdapter,
  createKVAdapter,
  createMemoryAdapter,
  createTwoTierAdapter,
  type CacheAdapter,
} from 'prisma-boost/adapters';
import type { Env as Level1Env } from 'level-1-d1/client';

export interface Env extends Level1Env {
  CACHE_URL: string;
}

/** The cache of the data centre in front of KV. */
export function twoTiers(env: Env): CacheAdapter {
  return createTwoTierAdapter({
    l1: createCFCacheAdapter({ baseUrl: env.CACHE_URL }),
    l2: createKVAdapter({ kv: env.CACHE }),
    l1TTLRatio: 0.1, // L1 TTL = 10% of L2 TTL
    promoteOnGet: true, // L2 hits get promoted to L1
  });
}

/** Made once: all requests of the isolate share it. */
const memory = createMemoryAdapter({ maxBytes: 16 * 1024 * 1024 });

/** The memory of the isolate in front of both. */
export function threeTiers(env: Env): CacheAdapter {
  return createTwoTierAdapter({ l1: memory, l2: twoTiers(env) });
}

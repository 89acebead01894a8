import { PrismaD1 } from '@prisma/adapter-d1';
import { type CacheExtensionOptions, createCacheExtension } from 'prisma-boost';
import { createKVAdapter } from 'prisma-boost/adapters';
import * as cacheConfig from '../prisma/generated/cacheConfig';
import { PrismaClient } from '../prisma/generated/client/client';

export interface Env {
  DB: D1Database;
  CACHE: KVNamespace;
}

/** What an application may be told of its cache. */
export type Hooks = Pick<CacheExtensionOptions, 'onError' | 'onEvent' | 'onInvalidate'>;

/** The client of one request: its reads are cached, its writes invalidate. */
export function connect(env: Env, ctx: ExecutionContext, hooks: Hooks = {}) {
  const adapter = new PrismaD1(env.DB);
  return new PrismaClient({ adapter }).$extends(
    createCacheExtension({
      adapter: createKVAdapter({ kv: env.CACHE }),
      config: cacheConfig,
      version: 'v1',
      accountTier: 'free',
      executionCtx: ctx,
      ...hooks,
    }),
  );
}

export type Client = ReturnType<typeof connect>;

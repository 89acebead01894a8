import { PrismaD1 } from '@prisma/adapter-d1';
import * as cacheConfig from 'level-1-d1/prisma/cacheConfig';
import { PrismaClient } from 'level-1-d1/prisma/client';
import type { Connect } from 'level-3-pro/app';
import { createCacheExtension } from 'prisma-boost';
import type { CacheAdapter } from 'prisma-boost/adapters';
import type { Env } from './stores';

/** Makes the client of one request: as at level 3, with another store. */
export function connectTo(storeOf: (env: Env) => CacheAdapter): Connect<Env> {
  return (env, ctx, { ticket, hooks }) =>
    new PrismaClient({ adapter: new PrismaD1(env.DB) }).$extends(
      createCacheExtension({
        adapter: storeOf(env),
        config: cacheConfig,
        version: 'v1',
        accountTier: 'pro',
        executionCtx: ctx,
        ...(ticket === undefined ? {} : { session: { ticket } }),
        ...hooks,
      }),
    );
}

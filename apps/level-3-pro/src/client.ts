import { PrismaD1 } from '@prisma/adapter-d1';
import type { Env } from 'level-1-d1/client';
import * as cacheConfig from 'level-1-d1/prisma/cacheConfig';
import { PrismaClient } from 'level-1-d1/prisma/client';
import { createCacheExtension } from 'prisma-boost';
import { createKVAdapter } from 'prisma-boost/adapters';
import type { ConnectOptions } from './app';

/** The client of one request: as at level 1, with another tier, and with the session that the caller brings. */
export function connect(env: Env, ctx: ExecutionContext, { ticket, hooks }: ConnectOptions = {}) {
  const adapter = new PrismaD1(env.DB);
  return new PrismaClient({ adapter }).$extends(
    createCacheExtension({
      adapter: createKVAdapter({ kv: env.CACHE }),
      config: cacheConfig,
      version: 'v1',
      accountTier: 'pro',
      executionCtx: ctx,
      ...(ticket === undefined ? {} : { session: { ticket } }),
      ...hooks,
    }),
  );
}

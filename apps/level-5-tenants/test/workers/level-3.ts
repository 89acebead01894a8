import { PrismaD1 } from '@prisma/adapter-d1';
import { countingStatements } from 'level-1-d1/metered/counted';
import { inDataCentre } from 'level-3-pro/data-centre';
import { createCacheExtension } from 'prisma-boost';
import { createKVAdapter } from 'prisma-boost/adapters';
import * as cacheConfig from '../../prisma/generated/cacheConfig';
import { PrismaClient } from '../../prisma/generated/client/client';
import { createApp } from '../../src/app';
import type { Client, connect, Env } from '../../src/client';

/** The client of level 3: neither tenants nor a coordinator. */
function connectLevel3(
  env: Env,
  ctx: ExecutionContext,
  { ticket, hooks }: Pick<Parameters<typeof connect>[2], 'ticket' | 'hooks'>,
): Client {
  return new PrismaClient({ adapter: new PrismaD1(env.DB) }).$extends(
    createCacheExtension({
      adapter: createKVAdapter({ kv: env.CACHE }),
      config: cacheConfig,
      version: 'v1',
      accountTier: 'pro',
      executionCtx: ctx,
      models: { Plan: { consistency: 'strong' } },
      ...(ticket === undefined ? {} : { session: { ticket } }),
      ...hooks,
    }),
  );
}

export default inDataCentre<Env>({
  createCachedApi: ({ hooks, database }) =>
    countingStatements(
      createApp((env, ctx, options) => connectLevel3(env, ctx, { ...options, hooks })),
      { database },
    ),
});

import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { Hooks } from 'level-1-d1/client';
import { Pool } from 'pg';
import { createCacheExtension } from 'prisma-boost';
import { createKVAdapter } from 'prisma-boost/adapters';
import * as cacheConfig from '../prisma/generated/cacheConfig';
import { PrismaClient } from '../prisma/generated/client/client';
import { uncached } from './hyperdrive';

export interface Env {
  HYPERDRIVE: Hyperdrive;
  CACHE: KVNamespace;
}

/** PostgreSQL for one request, past Hyperdrive's own cache. */
export function database(env: Env): SqlDriverAdapterFactory {
  const pool = new Pool({ connectionString: env.HYPERDRIVE.connectionString });
  return uncached(new PrismaPg(pool));
}

/** The client of one request: as at level 1, over another database. */
export function connect(
  env: Env,
  ctx: ExecutionContext,
  adapter: SqlDriverAdapterFactory,
  hooks: Hooks = {},
) {
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

import { PrismaD1 } from '@prisma/adapter-d1';
import type { Client, ConnectOptions, Env } from 'level-5-tenants/client';
import * as cacheConfig from 'level-5-tenants/prisma/cacheConfig';
import { PrismaClient } from 'level-5-tenants/prisma/client';
import { createCacheExtension } from 'prisma-boost';
import { createKVAdapter } from 'prisma-boost/adapters';
import type { ShardingOptions } from 'prisma-boost/coordinator';
import { shardingConfig } from './sharding';

export interface ShardedOptions extends Pick<ConnectOptions, 'caller' | 'ticket' | 'hooks'> {
  /** @defaultValue that of `sharding.ts` */
  readonly sharding?: ShardingOptions;
}

/** The client of one request: as at level 5, with relays in front of the coordinators. */
export function connect(
  env: Env,
  ctx: ExecutionContext,
  { caller, ticket, hooks, sharding = shardingConfig }: ShardedOptions,
): Client {
  const adapter = new PrismaD1(env.DB);
  return new PrismaClient({ adapter }).$extends(
    createCacheExtension({
      adapter: createKVAdapter({ kv: env.CACHE }),
      config: cacheConfig,
      version: 'v1',
      accountTier: 'pro',
      executionCtx: ctx,
      coordinator: { namespace: env.EPOCH_COORDINATOR, sharding },
      getPrivateContext: () => caller,
      models: { Plan: { shared: true, consistency: 'strong' } },
      ...(ticket === undefined ? {} : { session: { ticket } }),
      ...hooks,
    }),
  );
}

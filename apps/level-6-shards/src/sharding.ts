import type { ShardingOptions } from 'prisma-boost/coordinator';

/** How many objects answer readers. Any other counts may run at the same time. */
export const shardingConfig: ShardingOptions = {
  defaultShards: 32, // 32k req/s for user/PK scopes
  publicShards: 4, // 4k req/s for public data
  tenantShards: {
    'acme-corp': 8, // 8k req/s dedicated
    'widgets-inc': 4, // 4k req/s dedicated
    // Other tenants get 1 DO each (1k req/s)
  },
};

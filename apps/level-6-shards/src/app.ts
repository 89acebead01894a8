import { HTTPException } from 'hono/http-exception';
import { createApp } from 'level-5-tenants/app';
import { getSession } from 'level-5-tenants/session';
import { PrivateShardRouter } from 'prisma-boost/coordinator';
import { shardingConfig } from './sharding';

const router = new PrivateShardRouter(shardingConfig);

/** The API of level 5, and for its operator the tenants that need more shards by what this isolate sees. */
export function createShardedApp(
  makeClient: Parameters<typeof createApp>[0],
): ReturnType<typeof createApp> {
  const app = createApp(makeClient);

  app.get('/admin/shards/:tenant', (c) => {
    if (getSession(c.req.raw)?.tenantId !== null) throw new HTTPException(403);
    const tenant = c.req.param('tenant');
    return c.json({
      shards: router.shardCount(tenant),
      recommended: router.recommendShardCount(tenant),
      hot: router.detectHotTenants(60_000),
    });
  });

  return app;
}

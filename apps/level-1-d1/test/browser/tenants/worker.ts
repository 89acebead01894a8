import { PrismaD1 } from '@prisma/adapter-d1';
import { createCacheExtension } from 'prisma-boost';
import { createKVAdapter } from 'prisma-boost/adapters';
import { createInspector } from 'prisma-boost/inspector';
import * as cacheConfig from '../../../prisma/generated/cacheConfig';
import { PrismaClient } from '../../../prisma/generated/client/client';

export { EpochCoordinator } from 'prisma-boost/coordinator';

interface Env {
  DB: D1Database;
  CACHE: KVNamespace;
  EPOCH_COORDINATOR: DurableObjectNamespace;
  INSPECTOR_TOKEN: string;
}

/** Milliseconds between two looks whether a write is released: a promise of another request could not wake it. */
const LOOK_MS = 20;

/** Whether writes that were begun wait for `/release`. */
let isHolding = true;

/** Tenants with a coordinator, and the inspector behind a token. `/read`, `/hold` and `/release` take `?tenant=`. */
export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const coordinator = { namespace: env.EPOCH_COORDINATOR };
    const token = env.INSPECTOR_TOKEN;
    const inspector = createInspector({ enabled: true, token, config: cacheConfig, coordinator });
    const page = await inspector.fetch(request);
    if (page !== undefined) return page;

    const { pathname, searchParams } = new URL(request.url);
    const tenantId = searchParams.get('tenant');
    const prisma = new PrismaClient({ adapter: new PrismaD1(env.DB) })
      .$extends(
        createCacheExtension({
          adapter: createKVAdapter({ kv: env.CACHE }),
          config: cacheConfig,
          version: 'v1',
          accountTier: 'pro',
          executionCtx: ctx,
          coordinator,
          getPrivateContext: () => ({ tenantId }),
          innerExtensions: 'harmless',
          ...inspector.hooks,
        }),
      )
      // Inside of the cache's extension: by then the write is announced.
      .$extends({
        query: {
          async $allOperations({ operation, args, query }) {
            while (operation === 'create' && isHolding) await scheduler.wait(LOOK_MS);
            return query(args) as Promise<unknown>;
          },
        },
      });
    if (pathname === '/read') return Response.json(await prisma.tag.findMany());
    if (pathname === '/release') {
      isHolding = false;
      return new Response();
    }
    await prisma.tag.create({ data: { name: `of ${String(tenantId)}` } });
    return new Response();
  },
};

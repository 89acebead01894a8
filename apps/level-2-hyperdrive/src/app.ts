import { Hono } from 'hono';
import { type ApiVariables, createRoutes } from 'level-1-d1/api';
import type { Client, Hooks } from 'level-1-d1/client';
import { connect, database, type Env } from './client';
import { isCached } from './hyperdrive';

export interface AppOptions {
  readonly hooks?: Hooks;
  /** @defaultValue PostgreSQL through the binding */
  readonly connectDatabase?: typeof database;
}

const WARNING =
  'Hyperdrive answers from its own cache: what Boost stores may be old already. Turn it off: ' +
  'npx wrangler hyperdrive update <id> --caching-disabled true';

/** Whether this isolate has looked for Hyperdrive's cache. */
let hasLooked = false;

/** The API of level 1 on PostgreSQL. */
export function createApp({ hooks, connectDatabase = database }: AppOptions = {}): Hono<{
  Bindings: Env;
  Variables: ApiVariables;
}> {
  const app = new Hono<{ Bindings: Env; Variables: ApiVariables }>();

  app.use(async (c, next) => {
    const ctx = c.executionCtx as ExecutionContext;
    const adapter = connectDatabase(c.env);
    // The routes use nothing that the clients of two databases have not in common.
    c.set('prisma', connect(c.env, ctx, adapter, hooks) as unknown as Client);
    if (!hasLooked) {
      hasLooked = true;
      ctx.waitUntil(warnIfCached(connectDatabase(c.env)));
    }
    await next();
  });

  app.route('/', createRoutes());
  return app;
}

async function warnIfCached(adapter: ReturnType<typeof database>): Promise<void> {
  if (await isCached(adapter)) console.warn(WARNING);
}

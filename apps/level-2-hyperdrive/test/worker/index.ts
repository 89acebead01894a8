import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { Hono } from 'hono';
import { type ApiVariables, createRoutes } from 'level-1-d1/api';
import type { Client } from 'level-1-d1/client';
import { type Api, metered, type Meters } from 'level-1-d1/metered';
import { Pool } from 'pg';
import { PrismaClient } from '../../prisma/generated/client/client';
import { createApp } from '../../src/app';
import type { Env } from '../../src/client';
import { uncached } from '../../src/hyperdrive';
import { behindHyperdrive, type Caching } from './pretended-hyperdrive.ts';

interface TestEnv extends Env {
  readonly CACHING: Caching;
  /** Whether statements are sent as the example sends them. */
  readonly MARKED: boolean;
}

/** The example with meters, behind what this worker's bindings say of Hyperdrive. */
function databaseOf({ database }: Meters): (env: Env) => SqlDriverAdapterFactory {
  return (env) => {
    const { HYPERDRIVE, CACHING, MARKED } = env as TestEnv;
    const postgres = new PrismaPg(new Pool({ connectionString: HYPERDRIVE.connectionString }));
    const onQuery = (): void => {
      database.statements += 1;
    };
    const behind = behindHyperdrive(postgres, { caching: CACHING, onQuery });
    return MARKED ? uncached(behind) : behind;
  };
}

/** The same routes over a client without cache. */
function createPlainApi(meters: Meters): Api<Env> {
  const app = new Hono<{ Bindings: Env; Variables: ApiVariables }>();
  app.use(async (c, next) => {
    const prisma = new PrismaClient({ adapter: databaseOf(meters)(c.env) });
    c.set('prisma', prisma as unknown as Client);
    await next();
  });
  app.route('/', createRoutes());
  return app;
}

export default metered<Env>({
  createCachedApi: (meters) =>
    createApp({ hooks: meters.hooks, connectDatabase: databaseOf(meters) }),
  createPlainApi,
});

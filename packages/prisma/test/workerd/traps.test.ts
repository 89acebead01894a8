import { PrismaD1 } from '@prisma/adapter-d1';
import { env } from 'cloudflare:workers';
import * as config from '../generated/workerd/cache/cacheConfig.js';
import { Prisma, PrismaClient } from '../generated/workerd/client/client.js';
import type { PrismaClient as Node } from '../generated/sqlite/client/client.js';
import { Statements } from '../support/statements.js';
import { traps } from '../traps/suite.js';
import { kvAdapter, openWorker } from './support.js';

const { DB, CACHE } = env as unknown as { DB: D1Database; CACHE: KVNamespace };

traps({
  name: 'D1 and KV in workerd',
  config,
  nulls: Prisma,
  async open() {
    const { plain } = await openWorker();
    // Epochs of other tests are of the same tables.
    const { keys } = await CACHE.list();
    await Promise.all(keys.map(({ name }) => CACHE.delete(name)));
    const statements = new Statements();
    const observed = new PrismaClient({ adapter: statements.observe(new PrismaD1(DB)) });
    return { statements, observed: observed as unknown as Node, plain, store: kvAdapter() };
  },
});

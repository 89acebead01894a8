import { createKVAdapter } from '@boost/adapter-kv';
import { PrismaD1 } from '@prisma/adapter-d1';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import { createCacheExtension } from '../../src/index.js';
import * as cacheConfig from '../generated/page-workerd/cache/cacheConfig.js';
import { PrismaClient } from '../generated/page-workerd/client/client.js';
import { DDL } from '../generated/page-workerd/ddl.js';
import type { PrismaClient as NodeClient } from '../generated/page/client/client.js';
import { clear, countEntries, seed, type Client, type Harness } from '../invalidation/harness.js';
import { countQueries } from '../support/counted.js';

const { PAGE, CACHE } = env as unknown as { PAGE: D1Database; CACHE: KVNamespace };

export { CACHE, cacheConfig };

/** Typed as the client of the Node tests, whose operations are the same. */
function connect(): NodeClient {
  const log = [{ emit: 'event', level: 'query' }] as const;
  const client = new PrismaClient({ adapter: new PrismaD1(PAGE), log: [...log] });
  return client as unknown as NodeClient;
}

async function createTables(): Promise<void> {
  const tables = await PAGE.prepare(`SELECT name FROM sqlite_master WHERE name = 'Post'`).all();
  if (tables.results.length > 0) return;
  for (const statement of DDL.split(/;\s*\n/)) {
    const sql = statement.replace(/^--.*$/gm, '').trim();
    if (sql !== '') await PAGE.prepare(sql).run();
  }
}

let versions = 0;

const systemNow = Date.now.bind(Date);
/** Far more than clocks are taken to differ by: what one test bumps keeps nothing of the next from being stored. */
const BETWEEN_TESTS_MS = 3_600_000;

/** D1 with rows and KV, in which nothing of other tests is read. */
export const d1: Harness = {
  name: 'D1 and KV',
  granularity: 'row',
  async open() {
    await createTables();
    const [base, plain] = [connect(), connect()];
    await clear(plain);
    await seed(plain);
    for (const { name } of (await CACHE.list()).keys) await CACHE.delete(name);
    const { sent } = countQueries(base);
    versions += 1;
    const offsetMs = versions * BETWEEN_TESTS_MS;
    vi.spyOn(Date, 'now').mockImplementation(() => systemNow() + offsetMs);
    const adapter = createKVAdapter({ kv: CACHE });
    const version = `page ${String(versions)}`;
    return {
      plain,
      sent,
      cached: (own = {}) =>
        base.$extends(
          createCacheExtension({
            adapter,
            config: cacheConfig,
            version,
            ...own,
          }),
        ) as unknown as Client,
      adapter,
      entries: () => countEntries(adapter),
    };
  },
};

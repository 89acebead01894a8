import { createKVAdapter } from '@boost/adapter-kv';
import type { CacheAdapter } from '@boost/core';
import { PrismaD1 } from '@prisma/adapter-d1';
import { env } from 'cloudflare:workers';
import { createCacheExtension, type CacheExtensionOptions } from '../../src/index.js';
import * as cacheConfig from '../generated/workerd/cache/cacheConfig.js';
import { PrismaClient } from '../generated/workerd/client/client.js';
import { DDL } from '../generated/workerd/ddl.js';
import type { PrismaClient as NodeClient } from '../generated/sqlite/client/client.js';
import { countQueries } from '../support/counted.js';
import { seed } from '../support/rows.js';

const { DB, CACHE } = env as unknown as { DB: D1Database; CACHE: KVNamespace };

export { cacheConfig };

export function kvAdapter(): CacheAdapter {
  return createKVAdapter({ kv: CACHE });
}

/** Typed as the client of the Node tests, whose operations are the same. */
function connect(): NodeClient {
  const log = [{ emit: 'event', level: 'query' }] as const;
  const client = new PrismaClient({ adapter: new PrismaD1(DB), log: [...log] });
  return client as unknown as NodeClient;
}

let versions = 0;

/** The tables of the schema, once. */
export async function createTables(db: D1Database): Promise<void> {
  const tables = await db.prepare(`SELECT name FROM sqlite_master WHERE name = 'Post'`).all();
  if (tables.results.length > 0) return;
  for (const statement of DDL.split(/;\s*\n/)) {
    const sql = statement.replace(/^--.*$/gm, '').trim();
    if (sql !== '') await db.prepare(sql).run();
  }
}

/** D1 with rows, and a KV namespace in which nothing of other tests is read. */
export async function openWorker() {
  await createTables(DB);
  const [base, plain] = [connect(), connect()];
  const { clear } = await import('../support/rows.js');
  await clear(plain);
  await seed(plain);
  const { sent } = countQueries(base);
  versions += 1;
  const version = `v${String(versions)}`;
  const cached = (own: Partial<CacheExtensionOptions> = {}) =>
    base.$extends(
      createCacheExtension({ adapter: kvAdapter(), config: cacheConfig, version, ...own }),
    );
  return { base, plain, sent, cached };
}

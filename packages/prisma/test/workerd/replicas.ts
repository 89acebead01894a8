import { PrismaD1 } from '@prisma/adapter-d1';
import { env } from 'cloudflare:workers';
import { createCacheExtension, createD1Session } from '../../src/index.js';
import { PrismaClient } from '../generated/workerd/client/client.js';
import { LaggingD1 } from './lagging-d1.js';
import { cacheConfig, createTables, kvAdapter, openWorker } from './support.js';

const { DB, REPLICA, OTHER_REPLICA } = env as unknown as Record<string, D1Database> & {
  DB: D1Database;
};
const REPLICAS = [REPLICA, OTHER_REPLICA] as D1Database[];

let versions = 0;

/** D1 with a replica that is as new as the primary, and becomes older with each write. */
export async function prepared() {
  await openWorker();
  const double = new LaggingD1(DB, REPLICAS);
  const d1 = double as unknown as D1Database;
  // The same rows in both, by the way that every later change takes.
  const writer = new PrismaClient({ adapter: new PrismaD1(d1) });
  for (const replica of REPLICAS) {
    await createTables(replica);
    await replica.exec('DELETE FROM "Tag"');
  }
  await writer.tag.deleteMany();
  await writer.tag.create({ data: { id: 1, label: 'old' } });
  await double.catchUp();
  double.nearest = 1;
  await double.catchUp();
  versions += 1;
  const version = `replica ${String(versions)}`;
  const client = (ticket?: string) => {
    const db = createD1Session(d1, ticket);
    const session = { d1: db, ...(ticket === undefined ? {} : { ticket }) };
    const prisma = new PrismaClient({ adapter: new PrismaD1(db) });
    const options = { adapter: kvAdapter(), config: cacheConfig, version, session };
    return prisma.$extends(createCacheExtension({ ...options, accountTier: 'pro' }));
  };
  const rename = (label: string) => client().tag.update({ where: { id: 1 }, data: { label } });
  return { double, d1, version, client, rename };
}

/** A client whose reads a replica may answer where they go past the cache. */
export type Cached = ReturnType<Awaited<ReturnType<typeof prepared>>['client']>;

export const ONE = { where: { id: 1 } } as const;

/** Of a row, when the entry is stored. */
export async function cached(prisma: Cached, id = 1): Promise<string | undefined> {
  const row = await prisma.tag.findUnique({ where: { id } });
  await prisma.$cleanup();
  return row?.label;
}

/** Past the cache: a replica may answer. */
export async function uncached(prisma: Cached, id = 1): Promise<string | undefined> {
  return (await prisma.tag.findUnique({ where: { id }, cacheStrategy: false }))?.label;
}

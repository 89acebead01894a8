import { readFile } from 'node:fs/promises';
import { createLibsqlDatabase, type TestDatabase } from '@boost-tooling/database';
import { onTestFinished } from 'vitest';
import { createCacheExtension, type CacheExtensionOptions } from '../../src/index.js';
import * as cacheConfig from '../generated/sqlite/cache/cacheConfig.js';
import { PrismaClient, type Prisma } from '../generated/sqlite/client/client.js';
import { countQueries } from './counted.js';
import { memoryStore } from './store.js';

export const SCHEMA: string = await readFile(new URL('schema.prisma', import.meta.url), 'utf8');

export { cacheConfig };

/** The options that every test needs, with those of the test. */
export function options(own: Partial<CacheExtensionOptions> = {}): CacheExtensionOptions {
  return { adapter: memoryStore(), config: cacheConfig, version: 'v1', ...own };
}

export interface Opened {
  readonly database: TestDatabase;
  /** A client without the extension, whose statements are counted. */
  readonly base: PrismaClient;
  /** Statements that reached the database through `base` and its extensions since the last call. */
  sent(): number;
  /** Another client of the same database. */
  readonly plain: PrismaClient;
}

/** A new database with two clients, until the test ends. */
export async function openSqlite(
  own: { readonly omit?: Prisma.GlobalOmitConfig } = {},
): Promise<Opened> {
  const database = await createLibsqlDatabase(SCHEMA);
  const log = [{ emit: 'event', level: 'query' }] as const;
  const settings = { ...own, adapter: database.adapter(), log: [...log] };
  const base = new PrismaClient(settings) as PrismaClient;
  const plain = new PrismaClient({ adapter: database.adapter() });
  const counter = countQueries(base);
  onTestFinished(async () => {
    await base.$disconnect();
    await plain.$disconnect();
    await database.drop();
  });
  return { database, base, plain, sent: () => counter.sent() };
}

/** `base` with the cache, as a user would write it. */
export function cached(base: PrismaClient, own: Partial<CacheExtensionOptions> = {}) {
  return base.$extends(createCacheExtension(options(own)));
}

const TABLES = ['Comment', '_PostToTag', 'Post', 'Profile', 'User', 'Tag', 'OrderItem'];

/** An empty database again. */
export async function clear(client: PrismaClient): Promise<void> {
  for (const table of TABLES) await client.$executeRawUnsafe(`DELETE FROM "${table}"`);
  await client.$executeRawUnsafe('DELETE FROM sqlite_sequence');
}

/** Two authors with posts, comments and tags. */
export async function seed(client: PrismaClient): Promise<void> {
  for (const [id, name] of ['ann', 'bob'].entries()) {
    await client.user.create({
      data: {
        id: id + 1,
        email: `${name}@example.org`,
        name,
        balance: '10.50',
        visits: 2n ** 40n,
        joinedAt: new Date('2024-05-06T07:08:09.010Z'),
        settings: { theme: 'dark', nested: [1, null, { deep: true }] },
        avatar: new Uint8Array([0, 1, 254, 255]),
        profile: { create: { id: id + 1, bio: `I am ${name}` } },
        posts: {
          create: [1, 2].map((number) => ({
            id: id * 10 + number,
            title: `${name} ${String(number)}`,
            published: number === 1,
            comments: {
              create: [{ id: id * 10 + number, content: 'First', authorId: 1 }],
            },
            tags: {
              connectOrCreate: {
                where: { id: number },
                create: { id: number, label: `tag${String(number)}` },
              },
            },
          })),
        },
      },
    });
  }
  await client.user.update({ where: { id: 2 }, data: { managerId: 1 } });
  await client.orderItem.createMany({
    data: [
      { orderId: 1, sku: 'a', quantity: 1 },
      { orderId: 1, sku: 'b', quantity: 2 },
    ],
  });
}

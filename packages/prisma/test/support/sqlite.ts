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
export { clear, seed } from './rows.js';

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

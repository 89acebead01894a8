import { readFile } from 'node:fs/promises';
import { createLibsqlDatabase, type LibsqlDatabase } from '@boost-tooling/database';
import * as cacheConfig from 'node-remote/prisma/cacheConfig';
import { PrismaClient } from 'node-remote/prisma/client';
import { createCacheExtension } from 'prisma-boost';
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRedisAdapter } from '../src/index.ts';
import { startRedis, type RedisServer } from './support/redis-server.ts';

const SCHEMA = new URL(import.meta.resolve('node-remote/schema.prisma'));
const ONE = { where: { id: 1 } };

let server: RedisServer;
let database: LibsqlDatabase;
let plain: PrismaClient;
let servers: readonly Awaited<ReturnType<typeof startServer>>[];

/** A client as another server has it: with a connection of its own to the database and to Redis. */
async function startServer() {
  const client = await createClient({ url: server.url, disableOfflineQueue: true })
    .on('error', () => undefined)
    .connect();
  const told: string[] = [];
  const prisma = new PrismaClient({ adapter: database.adapter() }).$extends(
    createCacheExtension({
      adapter: createRedisAdapter({ client, prefix: 'my-app:' }),
      config: cacheConfig,
      version: 'v1',
      accountTier: 'pro',
      operationTimeout: 200,
      onError: (_, operation) => void told.push(operation),
    }),
  );
  return { client, prisma, told };
}

beforeAll(async () => {
  const schema = await readFile(SCHEMA, 'utf8');
  [server, database] = await Promise.all([startRedis(), createLibsqlDatabase(schema)]);
  plain = new PrismaClient({ adapter: database.adapter() });
  await plain.post.create({ data: { id: 1, title: 'first' } });
  servers = [await startServer(), await startServer()];
});

afterAll(async () => {
  for (const { client, prisma } of servers) {
    client.destroy();
    await prisma.$disconnect();
  }
  await plain.$disconnect();
  await database.drop();
  await server.stop();
});

test('reads are answered from Redis, and what one server writes the other sees at once', async () => {
  const [here, there] = servers;
  for (const { prisma } of servers) {
    await prisma.post.findUnique(ONE);
    await prisma.$cleanup();
  }
  await plain.post.update({ ...ONE, data: { title: 'changed past the cache' } });
  for (const { prisma } of servers) {
    expect((await prisma.post.findUnique(ONE))?.title).toBe('first');
  }
  await there?.prisma.post.update({ ...ONE, data: { title: 'written there' } });
  expect((await here?.prisma.post.findUnique(ONE))?.title).toBe('written there');
  expect(servers.flatMap(({ told }) => told)).toEqual([]);
});

test('the database answers while Redis does not, and that is told', async () => {
  const [here] = servers;
  server.pause();
  try {
    expect((await here?.prisma.post.findUnique(ONE))?.title).toBe('written there');
    expect(here?.told).toContain('get');
  } finally {
    server.resume();
  }
});

import { createLibsqlDatabase, type LibsqlDatabase } from '@boost-tooling/database';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { readFile } from 'node:fs/promises';
import { createCacheExtension } from 'prisma-boost';
import { createRemoteCloudflareAdapter, type RemoteCloudflareAdapter } from 'prisma-boost/adapters';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKV, type LocalKV } from '../dev/kv.ts';
import * as cacheConfig from '../prisma/generated/cacheConfig.js';
import { PrismaClient } from '../prisma/generated/client/client.ts';

const SCHEMA = new URL('../prisma/schema.prisma', import.meta.url);

describe('Cache invalidation', () => {
  let kv: LocalKV;
  let database: LibsqlDatabase;
  let adapter: RemoteCloudflareAdapter;
  let prisma: ReturnType<typeof createCachedClient>;

  function createCachedClient() {
    const baseClient = new PrismaClient({
      adapter: new PrismaLibSql({ url: database.url }),
    });

    const mockExecutionCtx = {
      waitUntil: (promise: Promise<unknown>) => void promise,
      passThroughOnException: () => undefined,
    };

    return baseClient.$extends(
      createCacheExtension({
        adapter,
        executionCtx: mockExecutionCtx,
        version: 'v1-test',
        config: cacheConfig,
        accountTier: 'pro',
        invalidationPolicy: { strategy: 'epoch' },
      }),
    );
  }

  beforeAll(async () => {
    [kv, database] = await Promise.all([
      startKV('test'),
      createLibsqlDatabase(await readFile(SCHEMA, 'utf8')),
    ]);
    adapter = createRemoteCloudflareAdapter({
      accountId: 'test',
      namespaceId: 'test',
      apiToken: 'test',
      accountUrl: kv.accountUrl,
      namespace: 'test-cache',
      operationTimeout: 15_000,
      generatedConfig: cacheConfig,
      d1Binding: null,
    });
    prisma = createCachedClient();
  });

  afterAll(async () => {
    const { keys } = await adapter.list('test-cache:', { limit: 1000 });
    expect(keys.length).toBeGreaterThan(0);
    await adapter.deleteMany(keys);
    expect((await adapter.list('test-cache:')).keys).toEqual([]);
    await Promise.all([kv.stop(), database.drop()]);
  });

  it('invalidates the cache on update', async () => {
    const post = await prisma.post.create({ data: { title: 'Test' } });

    // Prime cache
    const before = await prisma.post.findUnique({ where: { id: post.id } });
    expect(before?.title).toBe('Test');

    await prisma.post.update({ where: { id: post.id }, data: { title: 'Updated' } });

    // Should see updated data
    const after = await prisma.post.findUnique({ where: { id: post.id } });
    expect(after?.title).toBe('Updated');
  });
});

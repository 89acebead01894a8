import { PrismaLibSql } from '@prisma/adapter-libsql';
import { createCacheExtension } from 'prisma-boost';
import { createRemoteCloudflareAdapter } from 'prisma-boost/adapters';
import * as cacheConfig from '../prisma/generated/cacheConfig.js';
import { PrismaClient } from '../prisma/generated/client/client.ts';
import type { Settings } from './settings.ts';

/** One database client and one adapter for the process; a cached client for each request, which goes on with its session. */
export function createConnect({
  accountId,
  namespaceId,
  apiToken,
  accountUrl,
  databaseUrl,
}: Settings) {
  const adapter = createRemoteCloudflareAdapter({
    accountId,
    namespaceId,
    apiToken,
    namespace: 'node-remote',
    ...(accountUrl === undefined ? {} : { accountUrl }),
  });
  const database = new PrismaClient({ adapter: new PrismaLibSql({ url: databaseUrl }) });

  // Node goes on with what a request has begun; nothing has to be kept alive.
  const executionCtx = { waitUntil: (promise: Promise<unknown>) => void promise };

  return (ticket: string | undefined) =>
    database.$extends(
      createCacheExtension({
        adapter,
        config: cacheConfig,
        version: 'v1',
        accountTier: 'pro',
        defaultTTL: 3600,
        executionCtx,
        onError: (error, operation) => console.error(`cache: ${operation}:`, error),
        ...(ticket === undefined ? {} : { session: { ticket } }),
      }),
    );
}

/** Makes the client of one request. */
export type Connect = ReturnType<typeof createConnect>;
export type Client = ReturnType<Connect>;

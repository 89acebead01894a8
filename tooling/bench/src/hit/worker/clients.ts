import { createKVAdapter } from '@boost/adapter-kv';
import { createMemoryAdapter } from '@boost/core';
import { createCacheExtension, type CacheExtensionOptions } from '@boost/prisma';
import { PrismaD1 } from '@prisma/adapter-d1';
import * as cacheConfig from '../../../generated/worker/cache/cacheConfig.js';
import { PrismaClient } from '../../../generated/worker/client/client.ts';

export interface Env {
  readonly DB: D1Database;
  readonly CACHE: KVNamespace;
}

/** One for all requests of the isolate, as an application would have it. */
const memory = createMemoryAdapter({ clock: { now: () => Date.now() } });

export function plainClient(env: Env): PrismaClient {
  return new PrismaClient({ adapter: new PrismaD1(env.DB) });
}

type Own = Partial<CacheExtensionOptions>;

function extended(
  env: Env,
  ctx: ExecutionContext,
  own: Pick<CacheExtensionOptions, 'adapter'> & Own,
) {
  const options = { config: cacheConfig, version: 'v1', executionCtx: ctx, ...own };
  return plainClient(env).$extends(createCacheExtension(options));
}

export type Client = ReturnType<typeof extended>;

export function memoryClient(env: Env, ctx: ExecutionContext, own: Own = {}): Client {
  return extended(env, ctx, { adapter: memory, accountTier: 'pro', ...own });
}

/** @param kv - the binding, or what stands before it */
export function kvClient(env: Env, ctx: ExecutionContext, kv: KVNamespace = env.CACHE): Client {
  return extended(env, ctx, { adapter: createKVAdapter({ kv }), accountTier: 'free' });
}

/** The least that an extension can do: it answers with what it was given, and does not ask the database. */
export function answering(env: Env, answer: unknown): Client {
  const client = plainClient(env).$extends({
    query: { $allOperations: () => Promise.resolve(answer as never) },
  });
  return client as unknown as Client;
}

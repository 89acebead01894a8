import { PrismaD1 } from '@prisma/adapter-d1';
import {
  type CacheExtensionOptions,
  createCacheExtension,
  type PrivateContext,
} from 'prisma-boost';
import { createKVAdapter } from 'prisma-boost/adapters';
import * as cacheConfig from '../prisma/generated/cacheConfig';
import { PrismaClient } from '../prisma/generated/client/client';

export interface Env {
  DB: D1Database;
  CACHE: KVNamespace;
  EPOCH_COORDINATOR: DurableObjectNamespace;
  /** `development`: the inspector answers at `/__boost`. */
  ENVIRONMENT?: string;
}

/** What an application may be told of its cache. */
export type Hooks = Pick<CacheExtensionOptions, 'onError' | 'onEvent' | 'onInvalidate'>;

export interface ConnectOptions {
  /** Who asks; undefined: nobody knows. */
  readonly caller: PrivateContext | undefined;
  /** What the caller's session was given by an earlier request. */
  readonly ticket?: string | undefined;
  readonly hooks?: Hooks;
  /** Milliseconds after which others' writes are seen at the latest. @defaultValue that of the coordinator */
  readonly maxStalenessMs?: number;
}

/** The client of one request: what it caches is its tenant's own. */
export function connect(
  env: Env,
  ctx: ExecutionContext,
  { caller, ticket, hooks, ...staleness }: ConnectOptions,
) {
  const adapter = new PrismaD1(env.DB);
  return new PrismaClient({ adapter }).$extends(
    createCacheExtension({
      adapter: createKVAdapter({ kv: env.CACHE }),
      config: cacheConfig,
      version: 'v1',
      accountTier: 'pro',
      executionCtx: ctx,
      coordinator: { namespace: env.EPOCH_COORDINATOR, ...staleness },
      getPrivateContext: () => caller,
      // Everybody sees the same prices, and nobody an old one.
      models: { Plan: { shared: true, consistency: 'strong' } },
      ...(ticket === undefined ? {} : { session: { ticket } }),
      ...hooks,
    }),
  );
}

export type Client = ReturnType<typeof connect>;

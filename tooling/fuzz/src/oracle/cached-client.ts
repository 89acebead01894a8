import {
  createMemoryAdapter,
  TIER_LIMITS,
  type CacheConfig,
  type EngineEvent,
  type Granularity,
} from '@boost/core';
import { createCacheExtension, type InvalidationPolicy, type PrivateContext } from '@boost/prisma';
import type { PrismaClient } from '../schema/client.ts';

/** Where it is decided whether an entry is current: in this process, or by nonces in the store as on KV. */
export type AuthorityKind = 'memory' | 'kv';

/** What the clients of a deployment share. */
export interface CacheStore {
  readonly authority: AuthorityKind;
  readonly adapter: ReturnType<typeof createMemoryAdapter>;
}

export function createStore(authority: AuthorityKind): CacheStore {
  const clock = { now: () => Date.now() };
  return { authority, adapter: createMemoryAdapter({ clock, shared: authority === 'kv' }) };
}

export interface CachedClientOptions {
  readonly config: CacheConfig;
  readonly store: CacheStore;
  readonly granularity: Granularity;
  readonly fieldTracking?: Readonly<Record<string, object>>;
  /** How the store gets rid of what is invalid. */
  readonly policy: InvalidationPolicy;
  /** Whose operation it is that is being made; absent where the application has neither tenants nor users. */
  readonly context?: () => PrivateContext;
  readonly onEvent: (event: EngineEvent) => void;
  readonly onError: (error: unknown, operation: string) => void;
}

/** A client with the cache in front. */
export interface CachedClient extends PrismaClient {
  $cleanup(): Promise<void>;
  $invalidateCache(target?: unknown): Promise<unknown>;
}

/** A client with the cache in front; clients of one store are what the isolates of a worker are. */
export function extend(client: PrismaClient, options: CachedClientOptions): CachedClient {
  const { config, store, granularity, fieldTracking, policy, context, onEvent, onError } = options;
  const extension = createCacheExtension({
    adapter: store.adapter,
    config,
    version: 'fuzz',
    accountTier: granularity === 'model' ? 'free' : 'pro',
    defaultTTL: 100_000,
    invalidationPolicy: policy,
    onEvent,
    onError,
    ...(fieldTracking === undefined || granularity === 'model' ? {} : { fieldTracking }),
    ...(context === undefined ? {} : { getPrivateContext: context }),
  });
  return withGranularity(granularity, () => client.$extends(extension) as CachedClient);
}

/** Granularity `row` is KV's own; for the time of making a client, `pro` has it with any authority. */
function withGranularity<Result>(granularity: Granularity, make: () => Result): Result {
  const pro = TIER_LIMITS.pro as { granularity: Granularity };
  const before = pro.granularity;
  if (granularity !== 'model') pro.granularity = granularity;
  try {
    return make();
  } finally {
    pro.granularity = before;
  }
}

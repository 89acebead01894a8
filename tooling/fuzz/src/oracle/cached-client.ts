import {
  createMemoryAdapter,
  TIER_LIMITS,
  type CacheConfig,
  type EngineEvent,
  type Granularity,
} from '@boost/core';
import { createCacheExtension } from '@boost/prisma';
import type { PrismaClient } from '../schema/client.ts';

/** Where it is decided whether an entry is current: in this process, or by nonces in the store as on KV. */
export type AuthorityKind = 'memory' | 'kv';

export interface CachedClientOptions {
  readonly config: CacheConfig;
  readonly authority: AuthorityKind;
  readonly granularity: Granularity;
  readonly fieldTracking?: Readonly<Record<string, object>>;
  /** The tenant of the operation that is being made; absent where the application has none. */
  readonly tenant?: () => string;
  readonly onEvent: (event: EngineEvent) => void;
  readonly onError: (error: unknown, operation: string) => void;
}

/** A client with the cache in front. */
export interface CachedClient extends PrismaClient {
  $cleanup(): Promise<void>;
  $invalidateCache(target?: unknown): Promise<unknown>;
}

/** Extends clients that share one store, as the isolates of a worker do. */
export class Cache {
  readonly #options: CachedClientOptions;
  readonly #adapter: ReturnType<typeof createMemoryAdapter>;

  constructor(options: CachedClientOptions) {
    this.#options = options;
    this.#adapter = createMemoryAdapter({
      clock: { now: () => Date.now() },
      shared: options.authority === 'kv',
    });
  }

  extend(client: PrismaClient): CachedClient {
    const { config, granularity, fieldTracking, tenant, onEvent, onError } = this.#options;
    const extension = createCacheExtension({
      adapter: this.#adapter,
      config,
      version: 'fuzz',
      accountTier: granularity === 'model' ? 'free' : 'pro',
      defaultTTL: 100_000,
      onEvent,
      onError,
      ...(fieldTracking === undefined || granularity === 'model' ? {} : { fieldTracking }),
      ...(tenant === undefined ? {} : { getPrivateContext: () => ({ tenantId: tenant() }) }),
    });
    return withGranularity(granularity, () => client.$extends(extension) as CachedClient);
  }
}

/** No tier of this version has granularity `field`, but its planners do: for the time of making a client, `pro` gets it. */
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

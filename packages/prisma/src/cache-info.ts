import type { ReadInfo } from '@boost/core';
import type { Types } from '@prisma/client/runtime/client';
import { isRead } from './operations.js';
import type { MadeOperation } from './internal/prisma-internals.js';

type PrismaPromise<T> = Types.Public.PrismaPromise<T>;

/** How a read was answered: from where, why not from the cache, how old, under which key, what it depends on. */
export type CacheInfo = ReadInfo;

/** What Prisma Accelerate tells of a read, as far as there is something to tell. */
export interface AccelerateInfo {
  /**
   * `ttl`: from the cache. `swr`: from the cache, while it is read anew. `miss`: from the database, and stored. `none`: from the
   * database, and not stored.
   */
  readonly cacheStatus: 'ttl' | 'swr' | 'miss' | 'none';
  /** When the database read of the answer began. */
  readonly lastModified: Date;
  /** Always `unspecified`: there is no region. */
  readonly region: string;
  /** Always `unspecified`: a hit asks nobody. */
  readonly requestId: string;
  /** Digest that names the entry; `unspecified` where there is none. */
  readonly signature: string;
}

/**
 * The promise of a read, with methods that tell how it was answered. The client of an interactive transaction, where every read
 * goes to the database, does not have them.
 */
export interface InfoPromise<T> extends PrismaPromise<T> {
  /** The result, and how it was come by. */
  withCacheInfo(): Promise<{ readonly data: T; readonly info: CacheInfo }>;
  /** The same in the words of Prisma Accelerate. */
  withAccelerateInfo(): Promise<{ readonly data: T; readonly info: AccelerateInfo | null }>;
}

const UNSPECIFIED = 'unspecified';

/** Gives the promise of a read the methods of `InfoPromise`. */
export function withInfoMethods(
  promise: Promise<unknown>,
  action: string | undefined,
  made: MadeOperation,
): void {
  if (action === undefined || !isRead(action)) return;
  const told = promise as { -readonly [Name in 'withCacheInfo' | 'withAccelerateInfo']?: unknown };
  const withCacheInfo = async (): Promise<{ data: unknown; info: CacheInfo }> => {
    const data = await promise;
    return { data, info: made.answer as CacheInfo };
  };
  told.withCacheInfo = withCacheInfo;
  told.withAccelerateInfo = async () => {
    const { data, info } = await withCacheInfo();
    return { data, info: accelerateInfo(info) };
  };
}

function accelerateInfo({ status, ageMs, key }: CacheInfo): AccelerateInfo {
  return {
    cacheStatus: CACHE_STATUS[status],
    lastModified: new Date(Date.now() - ageMs),
    region: UNSPECIFIED,
    requestId: UNSPECIFIED,
    signature: key ?? UNSPECIFIED,
  };
}

const CACHE_STATUS: Readonly<Record<CacheInfo['status'], AccelerateInfo['cacheStatus']>> = {
  'hit-memory': 'ttl',
  'hit-l1': 'ttl',
  'hit-l2': 'ttl',
  stale: 'swr',
  miss: 'miss',
  bypass: 'none',
};

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

const MADE: unique symbol = Symbol('boost.made');

/** The promise as the methods find it; the same functions for all of them. */
interface ToldPromise extends PromiseLike<unknown> {
  [MADE]?: MadeOperation;
  withCacheInfo?: typeof withCacheInfo;
  withAccelerateInfo?: typeof withAccelerateInfo;
}

/** Gives the promise of a read the methods of `InfoPromise`. */
export function withInfoMethods(
  promise: Promise<unknown>,
  action: string | undefined,
  made: MadeOperation,
): void {
  if (action === undefined || !isRead(action)) return;
  const told: ToldPromise = promise;
  told[MADE] = made;
  told.withCacheInfo = withCacheInfo;
  told.withAccelerateInfo = withAccelerateInfo;
}

async function withCacheInfo(this: ToldPromise): Promise<{ data: unknown; info: CacheInfo }> {
  const data = await this;
  return { data, info: this[MADE]?.answer as CacheInfo };
}

async function withAccelerateInfo(
  this: ToldPromise,
): Promise<{ data: unknown; info: AccelerateInfo }> {
  const { data, info } = await withCacheInfo.call(this);
  return { data, info: accelerateInfo(info) };
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

import type { CacheAdapter } from '@boost/core';
import { createCacheExtension, type CacheExtensionOptions } from '../../src/index.js';
import type { Prisma, PrismaClient } from '../generated/sqlite/client/client.js';
import { isolateOver, type StoreHooks } from '../support/isolate.js';
import type { Statements } from '../support/statements.js';

/** A database with rows, and a store. */
export interface Ground {
  readonly statements: Statements;
  /** A client whose statements are observed. */
  readonly observed: PrismaClient;
  /** A client of another connection. */
  readonly plain: PrismaClient;
  /** A store without entries of other tests. */
  readonly store: CacheAdapter;
}

export interface Harness {
  readonly name: string;
  readonly config: CacheExtensionOptions['config'];
  /** Of the generated client. */
  readonly nulls: Pick<typeof Prisma, 'DbNull' | 'JsonNull' | 'AnyNull'>;
  /** A ground of its own for each test. */
  open(): Promise<Ground>;
}

export type Tier = NonNullable<CacheExtensionOptions['accountTier']>;

export const TIERS: readonly Tier[] = ['free', 'pro'];

let versions = 0;

/** Clients with the cache as isolates of one deployment. */
export async function deploy({ config, open }: Harness, own: Partial<CacheExtensionOptions> = {}) {
  const ground = await open();
  versions += 1;
  const version = `trap ${String(versions)}`;
  const extend = (client: PrismaClient, hooks?: StoreHooks, more = own) =>
    client.$extends(
      createCacheExtension({
        adapter: isolateOver(ground.store, hooks),
        config,
        version,
        ...more,
      }),
    );
  return {
    ...ground,
    /** The cache on the observed client. */
    here: (hooks?: StoreHooks, more?: Partial<CacheExtensionOptions>) =>
      extend(ground.observed, hooks, { ...own, ...more }),
    /** The cache in another isolate, on another connection. */
    elsewhere: (hooks?: StoreHooks) => extend(ground.plain, hooks),
  };
}

/** Every client has the same operations. */
export function plainly(client: object): PrismaClient {
  return client as PrismaClient;
}

export const ONE = { where: { id: 1 } } as const;

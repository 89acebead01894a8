import type { AnalyticsOptions, BudgetOptions } from '@boost/analytics';
import type { CoordinatorOptions } from '@boost/coordinator';
import type {
  CacheAdapter,
  CacheConfig,
  Consistency,
  EngineEvent,
  InvalidationPolicy,
  InvalidationResult,
} from '@boost/core';

/** What `createCacheExtension` takes. Bad options throw when they are given, not at the first query. */
export interface CacheExtensionOptions {
  /** The store: what `createKVAdapter` or another adapter factory returns. */
  readonly adapter: CacheAdapter;
  /** The generated module: `import * as cacheConfig from './generated/cacheConfig'`. */
  readonly config: CacheConfig;
  /** Part of every key. Change it, and nothing that was cached before is read again. */
  readonly version: string;
  /**
   * `free`: a write invalidates the models it changes. `pro`: it invalidates the rows.
   *
   * @defaultValue 'free'
   */
  readonly accountTier?: 'free' | 'pro';
  /**
   * The context of the request: stores go on after the response. Without one (Node.js) they run beside the caller, and
   * `$cleanup()` waits for them.
   */
  readonly executionCtx?: ExecutionContextLike;
  /** Seconds that a result is fresh unless a write makes it wrong. @defaultValue 300 */
  readonly defaultTTL?: number;
  /** Seconds after that in which it may still be served while it is revalidated. @defaultValue 0 */
  readonly defaultSWR?: number;
  /** False: no read is answered from the cache or stored. Writes go on invalidating for those who still read it. @defaultValue true */
  readonly enabled?: boolean;
  /** False: only reads with a `cacheStrategy` are cached. @defaultValue true */
  readonly cacheByDefault?: boolean;
  /**
   * What a cached answer may be.
   *
   * - `strong`: as new as the database when the read began. Needs the `coordinator`; without one such reads ask the database.
   * - `session`: as new as whatever this session has written or seen, and as others' writes a moment ago
   * - `eventual`: what the store says, at the lowest price
   *
   * @defaultValue 'eventual' for `free`, 'session' for `pro`
   */
  readonly consistency?: Consistency;
  /** A Durable Object for each tenant that orders writes, in place of epochs in the store. */
  readonly coordinator?: CoordinatorOptions;
  /** How the rows of a model are cached, by model name. */
  readonly models?: Readonly<Record<string, ModelOptions>>;
  /**
   * Tenant and user of the operation that is being made. Called once for each operation, when it is made, so that it may read an
   * `AsyncLocalStorage`. Without a tenant (and without `tenantId: null`, which says "none") a read is not cached.
   */
  readonly getPrivateContext?: () => PrivateContext | null | undefined;
  /**
   * Which fields' updates count, by model name. Takes effect where rows are told apart (`pro`). Change it as you would change the
   * tier: deployments side by side that group fields differently do not see each other's writes.
   */
  readonly fieldTracking?: Readonly<Record<string, FieldTrackingOptions>>;
  /** Models that a view reads, by view name. Reads of a view that is not named are not cached. */
  readonly views?: Readonly<Record<string, readonly string[]>>;
  /** Models that the database changes by itself (triggers) when one is written, by the model that is written. */
  readonly triggers?: Readonly<Record<string, readonly string[]>>;
  /**
   * Models that a raw statement changes, by its text; `undefined`: they are looked for in the text. An empty list: it changes
   * nothing.
   */
  readonly rawModels?: (text: string) => readonly string[] | undefined;
  /**
   * Query extensions that are added after this one run inside of it and may change what a query means.
   *
   * - `unknown`: while there is one, reads are not cached and writes invalidate every model they could reach
   * - `harmless`: none of them changes arguments or results in a way that differs between callers (logging, metrics)
   * - a function: what decides the result beside the arguments, as texts for the key; writes as with `unknown`
   *
   * @defaultValue 'unknown'
   */
  readonly innerExtensions?: InnerExtensions;
  /**
   * What an invalidation does beside bumping epochs, which evicts logically and at once whatever is chosen here: whether invalid
   * entries are deleted, how many, and what happens past that.
   */
  readonly invalidationPolicy?: InvalidationPolicy;
  /**
   * Datasets of Analytics Engine for hit rates and costs: at most 25 points a request, written after the response, or by
   * `$cleanup()`. Nothing is asked of the store for it.
   */
  readonly analytics?: AnalyticsOptions;
  /**
   * What the store may bill in a month, by Cloudflare's prices for KV. From 90 % on invalid entries are not deleted; from 100 % on
   * nothing is read from or filled into the cache, and writes go on invalidating. Each isolate counts for itself, unless `spentUsd` says
   * what all have spent.
   *
   * @defaultValue what CF_MAX_MONTHLY_BUDGET_USD says, now or when the config was generated; else there is none
   */
  readonly budget?: BudgetOptions;
  /** Tells databases apart that share a store. @defaultValue 'default' */
  readonly databaseId?: string;
  /** Continues a session of earlier requests. */
  readonly session?: SessionOptions;
  /** Milliseconds that one call to the store may take before the database answers instead. @defaultValue the adapter's, else 2000 */
  readonly operationTimeout?: number;
  /**
   * Told after each write and each `$invalidateCache`, with the model it was about; `*` where a raw statement does not tell. Where
   * entries are deleted, after that and in the background.
   */
  readonly onInvalidate?: (model: string, result: InvalidationResult) => void;
  /** Told once of each failure of the cache, and of a hook that threw. The database has answered all the same. */
  readonly onError?: (error: unknown, operation: string) => void;
  /** Told of each read, invalidation and call to the store, with names of models and fields and never a value. For reports and analytics. */
  readonly onEvent?: (event: EngineEvent) => void;
}

/** The part of Cloudflare's `ExecutionContext` that is used. */
export interface ExecutionContextLike {
  waitUntil(promise: Promise<unknown>): void;
}

export interface SessionOptions {
  /** What `$session.ticket()` returned, or `readTicket` found in a request. */
  readonly ticket?: string | undefined;
  /**
   * Seconds after which KV is taken to have told every data centre of a write: for so long a ticket counts where there is no
   * `coordinator`.
   *
   * @defaultValue 300
   */
  readonly propagationSeconds?: number;
  /** What `createD1Session` made, and `PrismaD1` was given: reads that go past the cache may be answered by replicas of D1. */
  readonly d1?: object;
}

export interface ModelOptions {
  /** False: no result that shows this model is cached, unless the query has a `cacheStrategy`. @defaultValue true */
  readonly cache?: boolean;
  /** Seconds. @defaultValue `defaultTTL` */
  readonly ttl?: number;
  /** Seconds. @defaultValue `defaultSWR` */
  readonly swr?: number;
  /** Of a read that shows several models the strictest counts. @defaultValue that of the client */
  readonly consistency?: Consistency;
  /** Its rows are the same for every tenant and user. @defaultValue false */
  readonly shared?: boolean;
}

export interface PrivateContext {
  /** null: explicitly none. */
  readonly tenantId?: string | null;
  /** Results are cached for this user alone, unless every model they show is `shared`. */
  readonly userId?: string | null;
}

export interface FieldTrackingOptions {
  /** False: an update of a row counts as an update of all its fields. @defaultValue true */
  readonly enabled?: boolean;
  /**
   * Reads that neither show nor use these fields survive their updates. Identifiers, foreign keys and unique fields, by which rows
   * are reached, gain nothing by it where the authority is KV.
   */
  readonly neverInvalidateOn?: readonly string[];
  /** An update of one of these fields counts as an update of every field. */
  readonly alwaysInvalidateOn?: readonly string[];
}

export interface ReadDescription {
  readonly model: string;
  readonly operation: string;
  readonly args: unknown;
}

export type InnerExtensions =
  'unknown' | 'harmless' | ((read: ReadDescription) => readonly string[]);

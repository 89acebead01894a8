import { describe, expect, test } from 'vitest';
import { createCacheExtension } from '../src/index.js';
import { cacheConfig, openSqlite, options } from './support/sqlite.js';

const refused =
  (own: object): (() => unknown) =>
  () =>
    createCacheExtension({ ...options(), ...own });

const NAMESPACE = { idFromName: (name: string) => name, get: () => ({}) };

describe('options are checked when they are given', () => {
  test.each<[string, object]>([
    ['accountTierr', { accountTierr: 'pro' }],
    ['analytics', { analytics: 'cachePerformance' }],
    ['budget', { budget: 5 }],
    ['budget.maxMonthlyUsd', { budget: { maxMonthlyUsd: '5.00' } }],
    ['budget.spentUsd', { budget: { maxMonthlyUsd: 5, spentUsd: 1 } }],
    ['budget.daily', { budget: { maxMonthlyUsd: 5, daily: 1 } }],
    ['analytics.dataset', { analytics: { enabled: true } }],
    ['analytics.datasets', { analytics: { datasets: {} } }],
    ['coordinator', { coordinator: true }],
    ['coordinator.namespace', { coordinator: { namespace: {} } }],
    ['coordinator.shards', { coordinator: { namespace: NAMESPACE, shards: 4 } }],
    [
      'coordinator.sharding.shards',
      { coordinator: { namespace: NAMESPACE, sharding: { shards: 4 } } },
    ],
    ['coordinator.crossTenant', { coordinator: { namespace: NAMESPACE, crossTenant: 0 } }],
    ['coordinator.crossTenant', { coordinator: { namespace: NAMESPACE, crossTenant: false } }],
    [
      'models.Post.shared',
      {
        coordinator: { namespace: NAMESPACE, crossTenant: false },
        getPrivateContext: () => ({ tenantId: 'a' }),
        models: { Post: { shared: true } },
      },
    ],
    ['session.propagationSeconds', { session: { propagationSeconds: -1 } }],
    ['consistency', { consistency: 'linear' }],
    ['models.Post.consistency', { models: { Post: { consistency: 'weak' } } }],
    ['executionCtx', { executionCtx: {} }],
    ['executionCtx', { executionCtx: null }],
    ['getPrivateContext', { getPrivateContext: { tenantId: 'a' } }],
    ['onInvalidate', { onInvalidate: 'log' }],
    ['onError', { onError: true }],
    ['rawModels', { rawModels: [] }],
    ['enabled', { enabled: 'yes' }],
    ['cacheByDefault', { cacheByDefault: 0 }],
    ['innerExtensions', { innerExtensions: 'fine' }],
    ['session', { session: 'ticket' }],
    ['session.ticket', { session: { ticket: 1 } }],
    ['invalidationPolicy', { invalidationPolicy: 'epoch' }],
    ['invalidationPolicy', { invalidationPolicy: null }],
    ['invalidationPolicy.strategy', { invalidationPolicy: { strategy: 'purge' } }],
    ['invalidationPolicy.fallback', { invalidationPolicy: { fallback: 'epoch' } }],
    ['invalidationPolicy.allowIncomplete', { invalidationPolicy: { allowIncomplete: 'yes' } }],
    [
      'invalidationPolicy.allowIncomplete',
      { invalidationPolicy: { allowIncomplete: false, fallback: 'allow-incomplete' } },
    ],
    ['invalidationPolicy.maxLists', { invalidationPolicy: { maxLists: -1 } }],
    ['invalidationPolicy.maxDeletes', { invalidationPolicy: { maxDeletes: 1.5 } }],
    ['invalidationPolicy.maxRows', { invalidationPolicy: { maxRows: 10 } }],
    ['models.Post', { models: { Post: null } }],
    ['models.Post.ttl', { models: { Post: { ttl: -1 } } }],
    ['models.Post.cache', { models: { Post: { cache: 'no' } } }],
    ['models.Post.tll', { models: { Post: { tll: 5 } } }],
    ['views.Post', { views: { Post: 'User' } }],
    ['fieldTracking.Post', { fieldTracking: { Post: null } }],
    ['fieldTracking.Post.enabled', { fieldTracking: { Post: { enabled: 'yes' } } }],
    ['fieldTracking.Post.never', { fieldTracking: { Post: { never: [] } } }],
    [
      'fieldTracking.Post.alwaysInvalidateOn',
      { fieldTracking: { Post: { alwaysInvalidateOn: 'title' } } },
    ],
    [
      'fieldTracking.Post.alwaysInvalidateOn',
      { fieldTracking: { Post: { alwaysInvalidateOn: ['comments'] } } },
    ],
    [
      'fieldTracking.Post.neverInvalidateOn',
      {
        fieldTracking: {
          Post: { neverInvalidateOn: ['title'], alwaysInvalidateOn: ['content', 'title'] },
        },
      },
    ],
    [
      'fieldTracking.Post.neverInvalidateOn',
      { fieldTracking: { Post: { neverInvalidateOn: ['nope'] } } },
    ],
  ])('%s', (option, own) => {
    expect(refused(own)).toThrow(`The option ${option} is`);
    expect(refused(own)).toThrow(expect.objectContaining({ code: 'BOOST_OPTION_INVALID' }));
  });

  test.each([
    { models: { Pots: {} } },
    { views: { Nope: ['Post'] } },
    { triggers: { Post: ['Nope'] } },
    { fieldTracking: { Nope: {} } },
  ])('a model that there is not: %j', (own) => {
    expect(refused(own)).toThrow(expect.objectContaining({ code: 'BOOST_MODEL_UNKNOWN' }));
  });

  test('what is no cacheConfig', () => {
    for (const config of [undefined, null, {}, { ...cacheConfig, format: 999 }]) {
      expect(refused({ config })).toThrow(
        expect.objectContaining({ code: 'BOOST_CONFIG_INVALID' }),
      );
    }
  });

  test('what only the engine reads', async () => {
    const { base } = await openSqlite();
    for (const own of [
      { version: '' },
      { accountTier: 'gold' },
      { defaultTTL: '300' },
      { operationTimeout: 0 },
      { databaseId: '' },
      { adapter: {} },
    ]) {
      expect(() => base.$extends(refused(own)() as never)).toThrow(
        expect.objectContaining({ code: 'BOOST_OPTION_INVALID' }),
      );
    }
  });

  test('what is no client', () => {
    const extend = createCacheExtension(options()) as (client: unknown) => unknown;
    for (const client of [null, {}, { _originalClient: {} }]) {
      expect(() => extend(client)).toThrow(
        expect.objectContaining({ code: 'BOOST_PRISMA_UNSUPPORTED' }),
      );
    }
  });

  test('options of the product page that this version has', () => {
    expect(
      refused({
        accountTier: 'pro',
        executionCtx: { waitUntil: () => undefined, passThroughOnException: () => undefined },
        defaultTTL: 3600,
        fieldTracking: {
          Post: { enabled: true, neverInvalidateOn: ['viewCount'], alwaysInvalidateOn: ['title'] },
        },
        invalidationPolicy: {
          strategy: 'hybrid',
          fallback: 'epoch-prefix',
          allowIncomplete: true,
          maxLists: 1,
          maxDeletes: 0,
        },
        getPrivateContext: () => ({ userId: '1', tenantId: 'a' }),
        onInvalidate: () => undefined,
        onError: () => undefined,
        analytics: undefined,
      }),
    ).not.toThrow();
  });
});

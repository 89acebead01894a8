import { KV_PRICE_USD } from '@boost/core';
import { describe, expect, test } from 'vitest';
import type {
  CacheExtensionOptions,
  InvalidationPolicy,
  InvalidationResult,
} from '../../src/index.js';
import {
  changed,
  survivorsOf,
  warm,
  type Client,
  type Harness,
  type Opened,
  type Reads,
} from './harness.js';

const READS: Reads = {
  'post 42': (client) => client.post.findUnique({ where: { id: 42 } }),
  'post 44': (client) => client.post.findUnique({ where: { id: 44 } }),
  'user 1': (client) => client.user.findUnique({ where: { id: 1 } }),
};
const ONE = { where: { id: 42 }, data: { title: 'New' } } as const;
const retitle = (client: Client): Promise<unknown> => client.post.update(ONE);

interface Told {
  readonly results: readonly InvalidationResult[];
  readonly errors: readonly string[];
}

/** Warms, lets another client write, and waits for what goes on in the background. */
async function after(
  opened: Opened,
  policy: InvalidationPolicy,
  write: (client: Client) => Promise<unknown>,
  own: Partial<CacheExtensionOptions> = {},
): Promise<Told> {
  const results: InvalidationResult[] = [];
  const errors: string[] = [];
  const options: Partial<CacheExtensionOptions> = {
    accountTier: 'pro',
    invalidationPolicy: policy,
    onInvalidate: (_, result) => results.push(result),
    onError: (_, operation) => errors.push(operation),
    ...own,
  };
  await warm(opened.cached({ ...options, adapter: opened.adapter }), opened.sent, READS);
  const writer = opened.cached(options);
  await write(writer);
  await writer.$cleanup();
  return { results, errors };
}

/** What becomes of entries that a write made invalid. */
export function invalidationPolicy({ name, granularity, open }: Harness): void {
  /** Each scope that a bump writes is one put on KV; the authority of this process puts nothing. */
  const putsOf = ({ scopes }: InvalidationResult): number =>
    granularity === 'row' ? scopes.length : 0;
  const price = KV_PRICE_USD;

  describe(`${name}: invalidationPolicy`, () => {
    test('epoch deletes nothing, and costs the puts', async () => {
      const opened = await open();
      const { results } = await after(opened, { strategy: 'epoch' }, retitle);
      const [result] = results as [InvalidationResult];
      expect(result).toMatchObject({ deleted: 0, incomplete: false });
      expect(result.details).toBeUndefined();
      expect(result.costEstimate).toBeCloseTo(putsOf(result) * price.write, 12);
      expect(await opened.entries()).toEqual({ Post: 2, User: 1 });
    });

    test('delete removes what the write made invalid, and nothing else', async () => {
      const opened = await open();
      const { results } = await after(opened, { strategy: 'delete' }, retitle);
      const [result] = results as [InvalidationResult];
      expect(result).toMatchObject({ deleted: 1, incomplete: false });
      expect(await opened.entries()).toEqual({ Post: 1, User: 1 });
      const cost = putsOf(result) * price.write + price.list + 2 * price.read + price.delete;
      expect(result.costEstimate).toBeCloseTo(cost, 12);
    });

    test.each(['delete', 'hybrid'] as const)(
      '%s on the free tier removes the entries of the model written, without reading them',
      async (strategy) => {
        const opened = await open();
        const free = { accountTier: 'free' } as const;
        const { results } = await after(opened, { strategy }, retitle, free);
        expect(results).toMatchObject([{ deleted: 2, incomplete: false }]);
        const puts = granularity === 'row' ? 1 : 0;
        const cost = puts * price.write + price.list + 2 * price.delete;
        expect(results[0]?.costEstimate).toBeCloseTo(cost, 12);
        expect(await opened.entries()).toEqual({ User: 1 });
      },
    );

    test('hybrid leaves single rows to the epochs, and deletes where a whole model became invalid', async () => {
      const opened = await open();
      const policy = { strategy: 'hybrid' } as const;
      const row = await after(opened, policy, retitle);
      expect(row.results).toMatchObject([{ deleted: 0, incomplete: false }]);
      expect(await opened.entries()).toEqual({ Post: 2, User: 1 });
      const result = await opened
        .cached({ accountTier: 'pro', invalidationPolicy: policy })
        .$invalidateCache('Post');
      expect(result).toMatchObject({ deleted: 2 });
      expect(await opened.entries()).toEqual({ User: 1 });
    });

    test.each<InvalidationPolicy>([
      { strategy: 'delete' },
      { strategy: 'hybrid' },
      { strategy: 'delete', maxDeletes: 0 },
      { strategy: 'delete', maxLists: 0, fallback: 'allow-incomplete' },
      { strategy: 'delete', maxDeletes: 0, allowIncomplete: true },
    ])('%j leaves nothing stale', async (policy) => {
      const own = { accountTier: 'pro', invalidationPolicy: policy } as const;
      expect(await survivorsOf(await open(), READS, retitle, own)).toEqual(['post 44', 'user 1']);
    });

    test('past its caps it says why, and what it deleted until then', async () => {
      const opened = await open();
      const everything = (client: Client): Promise<unknown> => client.$invalidateCache();
      const capped = { strategy: 'delete', maxDeletes: 2 } as const;
      const { results } = await after(opened, capped, everything);
      expect(results).toMatchObject([
        { deleted: 2, incomplete: false, details: { fallbackReason: 'max-deletes' } },
      ]);
      const unlisted = await after(await open(), { strategy: 'delete', maxLists: 0 }, retitle);
      expect(unlisted.results).toMatchObject([
        { deleted: 0, incomplete: false, details: { fallbackReason: 'max-lists' } },
      ]);
    });

    test('a cap that is just enough is no cap', async () => {
      const capped = { strategy: 'delete', maxDeletes: 1, maxLists: 1 } as const;
      const { results } = await after(await open(), capped, retitle);
      expect(results).toMatchObject([{ deleted: 1 }]);
      expect(results[0]?.details).toBeUndefined();
    });

    test('allow-incomplete stops at the caps and marks the result as incomplete', async () => {
      for (const own of [{ fallback: 'allow-incomplete' }, { allowIncomplete: true }] as const) {
        const capped = { strategy: 'delete', maxDeletes: 0, ...own } as const;
        const { results } = await after(await open(), capped, retitle);
        expect(results).toMatchObject([
          { deleted: 0, incomplete: true, details: { fallbackReason: 'max-deletes' } },
        ]);
      }
    });

    test('epoch-prefix leaves it at the scopes of what was written, epoch-model bumps all of the model', async () => {
      const fallback = (own: InvalidationPolicy) =>
        ({ accountTier: 'pro', invalidationPolicy: { strategy: 'delete', ...own } }) as const;
      const prefix = fallback({ fallback: 'epoch-prefix', maxDeletes: 0 });
      expect(await survivorsOf(await open(), READS, retitle, prefix)).toEqual([
        'post 44',
        'user 1',
      ]);
      const model = fallback({ fallback: 'epoch-model', maxDeletes: 0 });
      expect(await survivorsOf(await open(), READS, retitle, model)).toEqual(['user 1']);
      const within = fallback({ fallback: 'epoch-model' });
      expect(await survivorsOf(await open(), READS, retitle, within)).toEqual([
        'post 44',
        'user 1',
      ]);
    });

    test('a store that fails to list or delete costs the write nothing, and is told once', async () => {
      const down = (): Promise<never> => Promise.reject(new Error('the store is down'));
      for (const method of ['list', 'deleteMany'] as const) {
        const opened = await open();
        const adapter = changed(opened.adapter, { [method]: down });
        const { results, errors } = await after(opened, { strategy: 'delete' }, retitle, {
          adapter,
        });
        expect(errors).toEqual(['delete']);
        expect(results).toMatchObject([
          { deleted: 0, incomplete: false, details: { fallbackReason: 'store-failed' } },
        ]);
        const reader = opened.cached({ accountTier: 'pro' });
        expect(await reader.post.findUnique({ where: { id: 42 } })).toMatchObject({ title: 'New' });
      }
    });

    test('the write does not wait for lists and deletes: they go on in waitUntil', async () => {
      const opened = await open();
      let release = (): void => undefined;
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      const adapter = changed(opened.adapter, {
        list: async (...args) => {
          await gate;
          return opened.adapter.list(...args);
        },
      });
      const kept: Promise<unknown>[] = [];
      const results: InvalidationResult[] = [];
      const writer = opened.cached({
        adapter,
        accountTier: 'pro',
        invalidationPolicy: { strategy: 'delete' },
        executionCtx: { waitUntil: (promise) => void kept.push(promise) },
        onInvalidate: (_, result) => results.push(result),
      });
      await warm(opened.cached({ accountTier: 'pro' }), opened.sent, READS);
      await retitle(writer);
      expect(results).toEqual([]);
      release();
      await Promise.all(kept);
      expect(results).toMatchObject([{ deleted: 1 }]);
    });

    test('by hand: everything, rows and tags, with what was deleted as the result', async () => {
      const opened = await open();
      const policy = { accountTier: 'pro', invalidationPolicy: { strategy: 'delete' } } as const;
      const reader = opened.cached(policy);
      const tagged = (client: Client): Promise<unknown> =>
        client.note.findMany({ cacheStrategy: { tags: ['home'] } } as object);
      const reads: Reads = { ...READS, tagged: (client) => tagged(client as Client) };
      await warm(reader, opened.sent, reads);
      const writer = opened.cached(policy);
      expect(await writer.$invalidateCache({ tags: ['home'] })).toMatchObject({ deleted: 1 });
      expect(await opened.entries()).toEqual({ Post: 2, User: 1 });
      const rows = { model: 'Post', where: { id: { in: [42, 43] } } };
      expect(await writer.$invalidateCache(rows)).toMatchObject({ deleted: 1 });
      expect(await opened.entries()).toEqual({ Post: 1, User: 1 });
      expect(await writer.$invalidateCache()).toMatchObject({ deleted: 2 });
      expect(await opened.entries()).toEqual({});
    });

    test('a tenant’s write deletes none of another tenant’s entries', async () => {
      const opened = await open();
      const of = (tenantId: string): Partial<CacheExtensionOptions> => ({
        accountTier: 'pro',
        invalidationPolicy: { strategy: 'delete' },
        getPrivateContext: () => ({ tenantId }),
      });
      for (const tenant of ['a', 'b']) await warm(opened.cached(of(tenant)), opened.sent, READS);
      const writer = opened.cached(of('a'));
      expect(await writer.$invalidateCache()).toMatchObject({ deleted: 3 });
      expect(await opened.entries()).toEqual({ Post: 2, User: 1 });
    });
  });
}

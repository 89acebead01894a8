import { KV_PRICE_USD } from '@boost/core';
import { describe, expect, test } from 'vitest';
import type { CacheExtensionOptions, InvalidationResult } from '../../src/index.js';
import { changed, type Client, type Harness } from './harness.js';

const ONE = { where: { id: 42 }, data: { title: 'New' } } as const;
const title = async (client: Client): Promise<string | undefined> =>
  (await client.post.findUnique({ where: { id: 42 } }))?.title;

const fail = (): never => {
  throw new Error('the hook is broken');
};
const reject = (): Promise<never> => Promise.reject(new Error('the hook is broken'));

/** What the application is told. */
export function hooks({ name, granularity, open }: Harness): void {
  describe(`${name}: observing results`, () => {
    test('onInvalidate is told model, deletes, completeness, cost and reason', async () => {
      const logged: object[] = [];
      const prisma = (await open()).cached({
        accountTier: 'pro',
        // As the documentation has it, with a list for the console.
        onInvalidate: (model, result) => {
          logged.push({
            model,
            deleted: result.deleted,
            incomplete: result.incomplete,
            costEstimate: result.costEstimate,
            fallbackReason: result.details?.fallbackReason,
          });
        },
      });
      await prisma.post.update(ONE);
      // Posts as such, the row, those of its author, and those with as many impressions: one key each.
      const costEstimate = granularity === 'row' ? 4 * KV_PRICE_USD.write : 0;
      expect(logged).toEqual([
        { model: 'Post', deleted: 0, incomplete: false, costEstimate, fallbackReason: undefined },
      ]);
    });

    test('a free tier’s write of one model costs one put', async () => {
      const results: InvalidationResult[] = [];
      const prisma = (await open()).cached({ onInvalidate: (_, result) => results.push(result) });
      await prisma.post.update(ONE);
      const costEstimate = granularity === 'row' ? 5 / 1e6 : 0;
      expect(results).toMatchObject([{ costEstimate, scopes: ['Post!'] }]);
    });

    test('the result can be logged as JSON, its rows among it', async () => {
      const texts: string[] = [];
      const prisma = (await open()).cached({
        accountTier: 'pro',
        onInvalidate: (_, result) => texts.push(JSON.stringify(result)),
      });
      await prisma.post.update(ONE);
      expect(texts).toHaveLength(1);
      expect(texts[0]).toContain('"affected":[{"name":"Post:42"');
    });

    test('a row that nobody names: the reason is told', async () => {
      const results: InvalidationResult[] = [];
      const prisma = (await open()).cached({
        accountTier: 'pro',
        onInvalidate: (_, result) => results.push(result),
      });
      // Rows that leave a parent without being named.
      await prisma.post.update({ where: { id: 42 }, data: { tags: { set: [] } } });
      await prisma.comment.deleteMany({ where: { postId: 42 }, limit: 1 });
      expect(results.map(({ details }) => details?.fallbackReason)).toEqual([undefined, 'blind']);
      expect(results[1]?.affected.map(({ name: row }) => row)).toContain('Comment');
    });

    test.each<[string, CacheExtensionOptions['onInvalidate']]>([
      ['throws', fail],
      ['rejects', reject],
    ])('onInvalidate that %s harms nobody and is reported once', async (_, onInvalidate) => {
      const opened = await open();
      const errors: [unknown, string][] = [];
      const prisma = opened.cached({
        accountTier: 'pro',
        ...(onInvalidate === undefined ? {} : { onInvalidate }),
        onError: (error, operation) => errors.push([error, operation]),
      });
      await title(prisma);
      await prisma.$cleanup();
      await expect(prisma.post.update(ONE)).resolves.toMatchObject({ title: 'New' });
      expect(await title(prisma)).toBe('New');
      await prisma.$cleanup();
      expect(errors).toEqual([
        [expect.objectContaining({ message: 'the hook is broken' }), 'hook'],
      ]);
    });

    test.each<[string, CacheExtensionOptions['onError']]>([
      ['throws', fail],
      ['rejects', reject],
    ])('onError that %s harms nobody', async (_, onError) => {
      const opened = await open();
      const prisma = opened.cached({
        accountTier: 'pro',
        onInvalidate: fail,
        ...(onError === undefined ? {} : { onError }),
      });
      await expect(prisma.post.update(ONE)).resolves.toMatchObject({ title: 'New' });
      expect(await title(prisma)).toBe('New');
      await prisma.$cleanup();
    });

    test('onError is told what failed, in which operation, and the database answers', async () => {
      const opened = await open();
      const errors: [unknown, string][] = [];
      const down = (): Promise<never> => Promise.reject(new Error('the store is down'));
      const adapter = changed(opened.adapter, { getMany: down, get: down });
      const prisma = opened.cached({
        adapter,
        accountTier: 'pro',
        onError: (error, operation) => errors.push([error, operation]),
      });
      expect(await title(prisma)).toBe('Old parent');
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatchObject([
        { code: 'BOOST_STORE_FAILED', cause: { message: 'the store is down' } },
        'get',
      ]);
    });
  });

  if (granularity === 'field') return;
  describe(`${name}: a bump that the store refuses`, () => {
    test('makes the result incomplete, and is told to onError', async () => {
      const opened = await open();
      const results: InvalidationResult[] = [];
      const errors: string[] = [];
      const refuse = (): Promise<never> => Promise.reject(new Error('the store is full'));
      const kept: Promise<unknown>[] = [];
      const prisma = opened.cached({
        // An identity of its own: what is retried in the background is no other test's.
        adapter: changed(opened.adapter, { set: refuse, identity: {} }),
        onInvalidate: (_, result) => results.push(result),
        onError: (_, operation) => errors.push(operation),
        executionCtx: { waitUntil: (promise) => void kept.push(promise) },
      });
      await prisma.post.update(ONE);
      expect(results).toMatchObject([{ incomplete: true, costEstimate: KV_PRICE_USD.write }]);
      expect(errors).toEqual(['bump']);
      expect(await title(prisma)).toBe('New');
    });
  });
}

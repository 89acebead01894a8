import { describe, expect, test } from 'vitest';
import type { InvalidationResult } from '../../src/index.js';
import {
  changed,
  survivorsOf,
  warm,
  type Client,
  type Harness,
  type Opened,
  type Reads,
} from './harness.js';

const FIRST_ID = 1_000;

/** So many posts of author 2 beside those that there are, in one statement. */
async function addPosts({ plain }: Opened, count: number): Promise<void> {
  await plain.$executeRawUnsafe(
    `WITH RECURSIVE ids(id) AS (SELECT ${String(FIRST_ID)} UNION ALL SELECT id + 1 FROM ids WHERE id < ${String(FIRST_ID + count - 1)})
     INSERT INTO "Post" (id, title, authorId) SELECT id, 'many', 2 FROM ids`,
  );
}

const READS: Reads = {
  'post 42': (client) => client.post.findUnique({ where: { id: 42 } }),
  'posts of its author': (client) => client.post.findMany({ where: { authorId: 1 } }),
  'one of many': (client) => client.post.findUnique({ where: { id: FIRST_ID } }),
};
const OTHERS = ['post 42', 'posts of its author'];
const MANY = { where: { title: 'many' } } as const;

/** What the tiers differ in. */
export function tiers({ name, granularity, open }: Harness): void {
  describe(`${name}: tiers`, () => {
    test('free: a write invalidates every read of its model, and of no other', async () => {
      const reads: Reads = {
        ...READS,
        'user 1': (client) => client.user.findUnique({ where: { id: 1 } }),
      };
      const opened = await open();
      await addPosts(opened, 1);
      const retitle = (client: Client): Promise<unknown> =>
        client.post.update({ where: { id: 44 }, data: { title: 'New' } });
      expect(await survivorsOf(opened, reads, retitle, { accountTier: 'free' })).toEqual([
        'user 1',
      ]);
    });

    test(`pro: a write invalidates rows, by ${granularity}`, async () => {
      const opened = await open();
      await addPosts(opened, 1);
      const reads: Reads = {
        ...READS,
        'content of one of many': (client) =>
          client.post.findUnique({ where: { id: FIRST_ID }, select: { content: true } }),
      };
      const retitle = (client: Client): Promise<unknown> =>
        client.post.update({ where: { id: FIRST_ID }, data: { title: 'New' } });
      const fields = granularity === 'field' ? ['content of one of many'] : [];
      expect(await survivorsOf(opened, reads, retitle)).toEqual([...OTHERS, ...fields]);
    });

    test('what the free tier cached is not read by pro, whose writes it would not see', async () => {
      const { cached, sent } = await open();
      const read: Reads = { 'post 42': (client) => client.post.findUnique({ where: { id: 42 } }) };
      await warm(cached({ accountTier: 'free' }), sent, read);
      const pro = cached({ accountTier: 'pro' });
      await pro.post.update({ where: { id: 42 }, data: { title: 'New' } });
      const reader = cached({ accountTier: 'pro' });
      expect(await reader.post.findUnique({ where: { id: 42 } })).toMatchObject({ title: 'New' });
    });

    test('pro: 600 rows of a bulk update are told one by one', async () => {
      const opened = await open();
      await addPosts(opened, 600);
      const results: InvalidationResult[] = [];
      const publish = (client: Client): Promise<unknown> =>
        client.post.updateMany({ ...MANY, data: { published: true } });
      const own = {
        accountTier: 'pro',
        onInvalidate: (_: string, result: InvalidationResult) => results.push(result),
      } as const;
      expect(await survivorsOf(opened, READS, publish, own)).toEqual(OTHERS);
      expect(results[0]?.details).toBeUndefined();
      const rows = results[0]?.affected.filter(({ through }) => through === undefined);
      expect(rows).toHaveLength(600);
    });

    test('pro: past 600 rows a bulk update invalidates the model, and says why', async () => {
      const opened = await open();
      await addPosts(opened, 601);
      const results: InvalidationResult[] = [];
      const publish = (client: Client): Promise<unknown> =>
        client.post.updateMany({ ...MANY, data: { published: true } });
      const own = {
        accountTier: 'pro',
        onInvalidate: (_: string, result: InvalidationResult) => results.push(result),
      } as const;
      expect(await survivorsOf(opened, READS, publish, own)).toEqual([]);
      expect(results).toMatchObject([{ details: { fallbackReason: 'row-budget' } }]);
    });

    if (granularity === 'row') {
      test('more puts than a request may make on KV become one for the model', async () => {
        const opened = await open();
        await addPosts(opened, 500);
        // Each in a partition of its own: a thousand scopes.
        await opened.plain.$executeRawUnsafe('UPDATE "Post" SET impressions = id');
        const results: InvalidationResult[] = [];
        const publish = (client: Client): Promise<unknown> =>
          client.post.updateMany({ ...MANY, data: { published: true } });
        const own = {
          accountTier: 'pro',
          onInvalidate: (_: string, result: InvalidationResult) => results.push(result),
        } as const;
        expect(await survivorsOf(opened, READS, publish, own)).toEqual([]);
        expect(results).toMatchObject([
          { scopes: ['Post!'], costEstimate: 5 / 1e6, details: { fallbackReason: 'put-budget' } },
        ]);
      });
    }

    test('past the budget, what the rows are found by narrows it where the authority can; epoch-model does not', async () => {
      const publish = (client: Client): Promise<unknown> =>
        client.post.updateMany({ where: { authorId: 2 }, data: { published: true } });
      const fallbacks = [
        ['epoch-prefix', granularity === 'field' ? OTHERS : []],
        ['epoch-model', []],
      ] as const;
      for (const [fallback, survivors] of fallbacks) {
        const opened = await open();
        await addPosts(opened, 601);
        const own = { accountTier: 'pro', invalidationPolicy: { fallback } } as const;
        expect(await survivorsOf(opened, READS, publish, own), fallback).toEqual(survivors);
      }
    });

    test('pro: past 600 rows a createMany invalidates no row that there is', async () => {
      const opened = await open();
      await addPosts(opened, 1);
      const results: InvalidationResult[] = [];
      const data = Array.from({ length: 601 }, () => ({ title: 'new', authorId: 2 }));
      const own = {
        accountTier: 'pro',
        onInvalidate: (_: string, result: InvalidationResult) => results.push(result),
      } as const;
      const create = (client: Client): Promise<unknown> => client.post.createMany({ data });
      expect(await survivorsOf(opened, READS, create, own)).toEqual(['post 42', 'one of many']);
      expect(results).toMatchObject([{ details: { fallbackReason: 'row-budget' } }]);
    });

    test.each([
      ['free', 10 * 1024],
      ['pro', 128 * 1024],
    ] as const)('%s: results of more than %d bytes are not cached', async (accountTier, bytes) => {
      const opened = await open();
      const prisma = opened.cached({ accountTier });
      const small = bytes - 2_000;
      await opened.plain.post.update({ where: { id: 42 }, data: { content: 'x'.repeat(small) } });
      await opened.plain.post.update({ where: { id: 44 }, data: { content: 'x'.repeat(bytes) } });
      const read = (id: number): Promise<unknown> => prisma.post.findUnique({ where: { id } });
      await warm(prisma, opened.sent, { fits: () => read(42) });
      for (let again = 0; again < 2; again++) {
        await read(44);
        await prisma.$cleanup();
      }
      expect(opened.sent()).toBe(2);
      expect(await opened.entries()).toEqual({ Post: 1 });
    });

    test.each([
      ['free', 3, 150],
      ['pro', 6, 600],
    ] as const)(
      '%s: an invalidation deletes %d entries at once and %d at most, unless it is told otherwise',
      async (accountTier, concurrency, most) => {
        const opened = await open();
        const asked = new Set<number | undefined>();
        const { adapter } = opened;
        const prisma = opened.cached({
          accountTier,
          invalidationPolicy: { strategy: 'delete' },
          adapter: changed(adapter, {
            deleteMany: (keys, options) => {
              asked.add(options?.concurrency);
              return adapter.deleteMany(keys, options);
            },
          }),
        });
        const reads = Array.from({ length: most + 1 }, (_, index) =>
          prisma.note.findMany({ where: { id: { gt: index } } }),
        );
        await Promise.all(reads);
        await prisma.$cleanup();
        const result = await prisma.$invalidateCache('Note');
        expect(result).toMatchObject({
          deleted: most,
          details: { fallbackReason: 'max-deletes' },
        });
        expect(await opened.entries()).toEqual({ Note: 1 });
        expect([...asked]).toEqual([concurrency]);
      },
      30_000,
    );
  });
}

import { describe, expect, test } from 'vitest';
import { READS, WRITES } from '../matrix/operations.js';
import { answer, answers, expectSame } from '../matrix/run.js';
import { clear, seed } from '../support/rows.js';
import { cacheConfig, openWorker } from './support.js';

const ONE = { where: { id: 1 } } as const;

async function prepared() {
  const opened = await openWorker();
  return { ...opened, prisma: opened.cached() };
}

describe('D1 and KV', () => {
  test('every read is answered from KV the second time', async () => {
    const { prisma, plain, sent } = await prepared();
    const expected = await answers(plain, READS);
    for (const [title, read] of Object.entries(READS)) {
      expectSame(await answer(prisma, read), expected[title], title);
      await prisma.$cleanup();
      sent();
      expectSame(await answer(prisma, read), expected[title], title);
      expect(sent(), title).toBe(0);
    }
  });

  test.each(['free', 'pro'] as const)(
    'no write leaves anything stale (%s)',
    async (accountTier) => {
      const { plain, cached } = await openWorker();
      for (const [title, write] of Object.entries(WRITES)) {
        await clear(plain);
        await seed(plain);
        const prisma = cached({ version: `${accountTier} ${title}`, accountTier });
        await answers(prisma, READS);
        await prisma.$cleanup();
        expect(await answer(prisma, write), title).not.toHaveProperty('code');
        expectSame(await answers(prisma, READS), await answers(plain, READS), title);
        await prisma.$cleanup();
      }
    },
    120_000,
  );

  test('"rollback" on D1: what a failed batch has done before it failed stays, and invalidates', async () => {
    const { prisma, plain } = await prepared();
    const labels = (client: typeof plain) => client.tag.findMany({ orderBy: { id: 'asc' } });
    const own = prisma as unknown as typeof plain;
    const before = await labels(own);
    await prisma.$cleanup();
    const batch = prisma.$transaction([
      prisma.tag.create({ data: { label: 'committed' } }),
      prisma.tag.create({ data: { label: 'tag1' } }),
      prisma.tag.deleteMany(),
    ]);
    await expect(batch).rejects.toMatchObject({ code: 'P2002' });
    const after = await labels(own);
    expect(after).toStrictEqual(await labels(plain));
    expect(after).toHaveLength(before.length + 1);
  });

  test('a write that fails half-way has done its first half, and invalidates', async () => {
    const { prisma, plain } = await prepared();
    const users = (client: typeof plain) => client.user.findMany({ orderBy: { id: 'asc' } });
    const own = prisma as unknown as typeof plain;
    await users(own);
    await prisma.$cleanup();
    const failing = prisma.user.update({
      ...ONE,
      data: { name: 'first half', profile: { create: { id: 2, bio: 'taken' } } },
    });
    await expect(failing).rejects.toThrow();
    expect(await users(own)).toStrictEqual(await users(plain));
  });

  test('interactive transactions are refused by Prisma itself', async () => {
    const { prisma } = await prepared();
    expect(() => prisma.$transaction(async (tx) => tx.tag.count())).toThrow('D1');
  });

  test('batches: nothing is answered from the cache, and every element invalidates', async () => {
    const { prisma, sent } = await prepared();
    const title = async () => (await prisma.post.findUniqueOrThrow(ONE)).title;
    await title();
    await prisma.$cleanup();
    sent();
    const [row, count] = await prisma.$transaction([
      prisma.post.findUnique(ONE),
      prisma.post.count(),
    ]);
    expect([row?.title, count]).toEqual(['ann 1', 4]);
    expect(sent()).toBeGreaterThanOrEqual(2);
    await prisma.$transaction([
      prisma.post.update({ ...ONE, data: { title: 'in a batch' } }),
      prisma.tag.count(),
    ]);
    expect(await title()).toBe('in a batch');
  });

  test('Stale after a migration: prisma#22659. Another schema reads nothing of what was cached before', async () => {
    const { sent, cached } = await openWorker();
    const before = cached();
    await before.post.findMany();
    await before.$cleanup();
    const migrated = { ...cacheConfig, schemaHash: 'another' };
    const after = cached({ config: migrated });
    sent();
    await after.post.findMany();
    expect(sent()).toBe(1);
    await after.$cleanup();
    await after.post.findMany();
    expect(sent()).toBe(0);
    const released = cached({ version: 'another' });
    await released.post.findMany();
    expect(sent()).toBe(1);
  });

  test('executionCtx.waitUntil keeps stores alive; the result does not wait for them', async () => {
    const { sent, cached } = await openWorker();
    const kept: Promise<unknown>[] = [];
    const prisma = cached({
      executionCtx: { waitUntil: (promise) => void kept.push(promise) },
    });
    await prisma.post.findMany();
    expect(kept.length).toBeGreaterThan(0);
    await Promise.all(kept);
    sent();
    await cached().post.findMany();
    expect(sent()).toBe(0);
  });
});

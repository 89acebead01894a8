import { createKVAdapter } from '@boost/adapter-kv';
import { expect } from 'vitest';
import { createCacheExtension } from '../../src/index.js';
import type { PrismaClient } from '../generated/sqlite/client/client.js';
import type { GeneratedClient } from './cells.js';

export interface Scene {
  readonly generated: GeneratedClient;
  /** A client of a database that has nothing but tables. Its own reads are not cached: they tell what is right. */
  readonly plain: PrismaClient;
  /** Of this scene alone. */
  readonly kv: Parameters<typeof createKVAdapter>[0]['kv'];
}

/** What became of transactions. */
export interface Transactions {
  /** What the first statement of a batch wrote when the second failed. */
  readonly batch: 'undone' | 'kept';
  /** Whether there are interactive ones; else what Prisma says. */
  readonly interactive: true | string;
}

const ANN = { where: { id: 1 }, include: { posts: { include: { comments: true } } } };
const BOBS = { where: { authorId: 2 }, include: { tags: true } };
const LAST = { where: { id: 3 } };

/** An application's life in small, each answer held against a plain client's. */
export async function play(scene: Scene): Promise<Transactions> {
  const { generated, plain, kv } = scene;
  await seed(plain);
  const prisma = plain.$extends(
    createCacheExtension({
      adapter: createKVAdapter({ kv }),
      config: generated.config,
      version: 'v1',
      accountTier: 'pro',
    }),
  );
  /** Reads ann, and the posts of bob. @returns how each was answered */
  async function statuses(): Promise<readonly string[]> {
    const [ann, bobs, expectedAnn, expectedBobs] = await Promise.all([
      prisma.user.findUniqueOrThrow(ANN).withCacheInfo(),
      prisma.post.findMany(BOBS).withCacheInfo(),
      plain.user.findUniqueOrThrow(ANN),
      plain.post.findMany(BOBS),
    ]);
    expect(ann.data).toStrictEqual(expectedAnn);
    expect(bobs.data).toStrictEqual(expectedBobs);
    await prisma.$cleanup();
    return [ann.info.status, bobs.info.status];
  }
  const titleOf = async (from: unknown): Promise<string> =>
    (await (from as PrismaClient).post.findUniqueOrThrow(LAST)).title;

  expect(await statuses()).toEqual(['miss', 'miss']);
  expect(await statuses()).toEqual(['hit-l2', 'hit-l2']);

  const { data: hit, info } = await prisma.user.findUniqueOrThrow(ANN).withCacheInfo();
  expect(info.status).toBe('hit-l2');
  expect(hit.balance).toBeInstanceOf(generated.Decimal as new () => unknown);
  expect([hit.visits, hit.joinedAt, hit.settings, hit.avatar]).toEqual([
    VALUES.visits,
    VALUES.joinedAt,
    VALUES.settings,
    VALUES.avatar,
  ]);

  await prisma.comment.update({ where: { id: 1 }, data: { content: 'New' } });
  expect(await statuses()).toEqual(['miss', 'hit-l2']);

  const tags = { create: { id: 1, label: 'tag' } };
  const post = { id: 3, title: 'Nested', comments: { create: { id: 3, content: 'First' } }, tags };
  await prisma.user.update({ where: { id: 2 }, data: { posts: { create: post } } });
  expect(await prisma.post.findMany(BOBS)).toStrictEqual(await plain.post.findMany(BOBS));

  const retitle = (title: string) => prisma.post.update({ ...LAST, data: { title } });
  const [{ title }] = await prisma.$transaction([retitle('Batch'), prisma.post.count()]);
  expect([title, await titleOf(prisma)]).toEqual(['Batch', 'Batch']);
  const duplicate = prisma.user.create({ data: { email: 'ann@example.org' } });
  await expect(prisma.$transaction([retitle('Failed'), duplicate])).rejects.toMatchObject({
    code: 'P2002',
  });
  const left = await titleOf(prisma);
  expect(left).toBe(await titleOf(plain));

  // Async: what Prisma does not support it throws at once.
  const retitleInside = async (): Promise<true> => {
    await prisma.$transaction(async (tx) => {
      await tx.post.update({ ...LAST, data: { title: 'Interactive' } });
      expect(await titleOf(tx)).toBe('Interactive');
    });
    return true;
  };
  const interactive = await retitleInside().catch((error: unknown) => String(error));
  if (interactive === true) expect(await titleOf(prisma)).toBe('Interactive');

  // Her posts and their comments go with her.
  await prisma.user.delete({ where: { id: 1 } });
  expect(await prisma.user.findUnique(ANN)).toBeNull();
  expect(await prisma.comment.findMany()).toStrictEqual(await plain.comment.findMany());
  await prisma.$cleanup();
  return { batch: left === 'Failed' ? 'kept' : 'undone', interactive };
}

const VALUES = {
  balance: '10.50',
  visits: 2n ** 40n,
  joinedAt: new Date('2024-05-06T07:08:09.010Z'),
  settings: { theme: 'dark', nested: [1, null, { deep: true }] },
  avatar: new Uint8Array([0, 1, 254, 255]),
};

async function seed(plain: PrismaClient): Promise<void> {
  for (const [id, name] of [
    [1, 'ann'],
    [2, 'bob'],
  ] as const) {
    const comments = { create: { id, content: 'First' } };
    const posts = { create: { id, title: `of ${name}`, comments } };
    await plain.user.create({ data: { ...VALUES, id, email: `${name}@example.org`, posts } });
  }
}

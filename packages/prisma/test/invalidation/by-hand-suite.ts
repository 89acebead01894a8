import { describe, expect, test } from 'vitest';
import type { PrismaClient } from '../generated/page/client/client.js';
import { survivorsOf, type Client, type Harness, type Reads } from './harness.js';

const READS: Reads = {
  'post 42': (client) => client.post.findUnique({ where: { id: 42 } }),
  'post 43': (client) => client.post.findUnique({ where: { id: 43 } }),
  'post 50': (client) => client.post.findUnique({ where: { id: 50 } }),
  'posts of author 1': (client) => client.post.findMany({ where: { authorId: 1 } }),
  'posts of author 2': (client) => client.post.findMany({ where: { authorId: 2 } }),
  'author 2 with posts': (client) =>
    client.user.findUnique({ where: { id: 2 }, include: { posts: true } }),
  'tag 7 with posts': (client) =>
    client.tag.findUnique({ where: { id: 7 }, include: { posts: { orderBy: { id: 'asc' } } } }),
  'post 42 with tags': (client) =>
    client.post.findUnique({ where: { id: 42 }, include: { tags: true } }),
  'comment 99 with its post': (client) =>
    client.comment.findUnique({ where: { id: 99 }, include: { post: true } }),
  'how many are published': (client) => client.post.count({ where: { published: true } }),
  'authors of a post with this title': (client) =>
    client.user.findMany({ where: { posts: { some: { title: 'Elsewhere' } } } }),
  'user 1': (client) => client.user.findUnique({ where: { id: 1 } }),
  'comment 98': (client) => client.comment.findUnique({ where: { id: 98 } }),
  'comment 99': (client) => client.comment.findUnique({ where: { id: 99 } }),
};

type Elsewhere = (plain: PrismaClient) => Promise<unknown>;

const one = { where: { id: 42 } } as const;

/** What another program may do to post 42, or to post 50 that there was not. */
const WRITES: Readonly<Record<string, Elsewhere>> = {
  update: (plain) => plain.post.update({ ...one, data: { title: 'Elsewhere', published: true } }),
  'a moved key': (plain) => plain.post.update({ ...one, data: { authorId: 2 } }),
  'a lost link': (plain) => plain.post.update({ ...one, data: { tags: { set: [] } } }),
  delete: async (plain) => {
    await plain.comment.deleteMany({ where: { postId: 42 } });
    await plain.post.delete(one);
  },
  create: (plain) =>
    plain.post.create({
      data: {
        id: 50,
        title: 'Elsewhere',
        published: true,
        authorId: 2,
        tags: { connect: { id: 7 } },
      },
    }),
};

/** Rows that another program changed. */
export function byHand({ name, open }: Harness): void {
  describe(`${name}: rows invalidated by hand`, () => {
    test.each(Object.entries(WRITES))('%s elsewhere leaves nothing stale', async (title, write) => {
      const opened = await open();
      const id = title === 'create' ? 50 : 42;
      const elsewhere = async (client: Client): Promise<void> => {
        await write(opened.plain);
        await client.$invalidateCache({ model: 'Post', where: { id } });
        if (title === 'delete')
          await client.$invalidateCache({ model: 'Comment', where: { id: 99 } });
      };
      const survivors = await survivorsOf(opened, READS, elsewhere);
      expect(survivors).toEqual(expect.arrayContaining(['post 43', 'user 1', 'comment 98']));
      expect(survivors).not.toContain(`post ${String(id)}`);
    });

    test('of several rows, all that the where names', async () => {
      const opened = await open();
      const elsewhere = async (client: Client): Promise<void> => {
        for (const write of Object.values(WRITES).slice(0, 3)) await write(opened.plain);
        await WRITES['create']?.(opened.plain);
        await client.$invalidateCache({ model: 'Post', where: { id: { in: [42, 50] } } });
      };
      const survivors = await survivorsOf(opened, READS, elsewhere);
      expect(survivors).toEqual(expect.arrayContaining(['post 43', 'user 1']));
      expect(survivors).not.toContain('post 42');
      expect(survivors).not.toContain('post 50');
    });

    test('a where that names no row invalidates the model, and says so', async () => {
      const { cached } = await open();
      const prisma = cached({ accountTier: 'pro' });
      const result = await prisma.$invalidateCache({ model: 'Post', where: { published: true } });
      expect(result).toMatchObject({
        scopes: expect.arrayContaining(['Post!']) as unknown,
        affected: expect.arrayContaining([{ name: 'Post', model: 'Post' }]) as unknown,
        details: { fallbackReason: 'epoch-model' },
      });
      const none = await prisma.$invalidateCache({ model: 'Post', where: { id: { in: [] } } });
      expect(none).toMatchObject({ scopes: [], affected: [], costEstimate: 0 });
    });

    test('on the free tier it is the model', async () => {
      const { cached } = await open();
      const result = await cached().$invalidateCache({ model: 'Tag', where: { id: 7 } });
      expect(result.scopes).toContain('Tag!');
    });
  });
}

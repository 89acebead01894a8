import { describe, expect, test } from 'vitest';
import type { PrismaClient } from '../generated/sqlite/client/client.js';
import { deploy, plainly, TIERS, type Harness } from './harness.js';

interface Trap {
  /** What was cached before the write and shows another thing after it. */
  read(client: PrismaClient): Promise<unknown>;
  write(client: PrismaClient): Promise<unknown>;
}

const byId = { orderBy: { id: 'asc' } } as const;

/** Writes whose effect shows somewhere else than where they were made. */
const TRAPS: Readonly<Record<string, Trap>> = {
  'cascade through two levels': {
    read: (client) => client.like.count(),
    write: (client) => client.post.delete({ where: { id: 1 } }),
  },
  'cascade through three levels': {
    read: (client) => client.like.findMany({ where: { commentId: 11 } }),
    write: (client) => client.user.delete({ where: { id: 2 } }),
  },
  'set: [] on many-to-many': {
    // What shows the post itself falls with its `updatedAt`.
    read: (client) => client.tag.findMany({ include: { _count: true }, ...byId }),
    write: (client) => client.post.update({ where: { id: 1 }, data: { tags: { set: [] } } }),
  },
  'primary-key update': {
    read: (client) =>
      Promise.all([
        client.post.findUnique({ where: { id: 1 } }),
        client.post.findUnique({ where: { id: 77 } }),
        client.comment.findMany({ where: { postId: 77 } }),
      ]),
    write: (client) => client.post.update({ where: { id: 1 }, data: { id: 77 } }),
  },
  'updateMany moving rows between partitions': {
    read: (client) =>
      Promise.all([
        client.comment.findMany({ where: { postId: 1 } }),
        client.comment.findMany({ where: { postId: 11 }, ...byId }),
      ]),
    write: (client) => client.comment.updateMany({ where: { postId: 1 }, data: { postId: 11 } }),
  },
  'cached null': {
    read: (client) => client.user.findUnique({ where: { email: 'new@example.org' } }),
    write: (client) => client.user.create({ data: { email: 'new@example.org' } }),
  },
  "Deleting a child leaves the parent's include stale: Asjas/prisma-redis-middleware#105": {
    read: (client) => client.post.findMany({ include: { comments: true }, ...byId }),
    write: (client) => client.comment.delete({ where: { id: 1 } }),
  },
  'Many-to-many on delete: django-cacheops#407': {
    read: (client) => client.post.findMany({ include: { tags: { ...byId } }, ...byId }),
    write: (client) => client.tag.delete({ where: { id: 1 } }),
  },
  'Bust on update: prisma#21751': {
    read: (client) => client.post.findUnique({ where: { id: 1 } }),
    write: (client) => client.post.update({ where: { id: 1 }, data: { title: 'updated' } }),
  },
  "cross-model staleness: an author's new name shows with the comments": {
    read: (client) => client.comment.findMany({ include: { author: true }, ...byId }),
    write: (client) => client.user.update({ where: { id: 1 }, data: { name: 'anna' } }),
  },
};

/** What a write reaches. */
export function reach(harness: Harness): void {
  describe.each(TIERS)(`${harness.name}, %s: what a write reaches`, (accountTier) => {
    test.each(Object.entries(TRAPS))('%s', async (_, { read, write }) => {
      const { here, elsewhere, plain, statements } = await deploy(harness, { accountTier });
      // Neither session knows of the other: what is read again was invalidated in the store.
      const [prisma, writer] = [here(), elsewhere()];
      const before = await read(plainly(prisma));
      await prisma.$cleanup();
      statements.sent();
      expect(await read(plainly(prisma))).toStrictEqual(before);
      expect(statements.sent()).toBe(0);
      await write(plainly(writer));
      const after = await read(plainly(prisma));
      expect(after).toStrictEqual(await read(plain));
      expect(after).not.toStrictEqual(before);
    });
  });
}

import { describe, expect, test, vi } from 'vitest';
import type { PrismaClient } from './generated/sqlite/client/client.js';
import { cached, openSqlite, seed } from './support/sqlite.js';
import { memoryStore } from './support/store.js';

async function prepared() {
  const opened = await openSqlite();
  await seed(opened.plain);
  return opened;
}

/** An extension that other people write: it only looks. */
const logging = (seen: string[]) => ({
  query: {
    $allOperations({ operation, args, query }: Logged) {
      seen.push(operation);
      return query(args);
    },
  },
});

interface Logged {
  readonly operation: string;
  readonly args: unknown;
  readonly query: (args: unknown) => Promise<unknown>;
}

describe('result extensions', () => {
  const shout = {
    result: {
      user: {
        shout: {
          needs: { name: true },
          compute: ({ name }: { name: string | null }) => `${name ?? ''}!`,
        },
        greeting: { compute: () => 'hello' },
      },
    },
  };

  test.each(['before', 'after'] as const)(
    'added %s ours compute the same on a hit',
    async (when) => {
      for (const accountTier of ['free', 'pro'] as const) {
        const { base, sent } = await prepared();
        const prisma =
          when === 'before'
            ? (cached(base.$extends(shout) as unknown as PrismaClient, {
                accountTier,
              }) as unknown as {
                user: Extended;
                post: Extended;
                $cleanup(): Promise<void>;
              })
            : (cached(base, { accountTier }).$extends(shout) as unknown as {
                user: Extended;
                post: Extended;
                $cleanup(): Promise<void>;
              });
        const reads = [
          () => prisma.user.findFirst({ where: { id: 1 } }),
          () => prisma.user.findFirst({ where: { id: 1 }, select: { shout: true } }),
          () => prisma.user.findFirst({ where: { id: 1 }, select: { shout: true, email: true } }),
          () => prisma.user.findFirst({ where: { id: 1 }, omit: { name: true } }),
          () => prisma.user.findFirst({ where: { id: 1 }, omit: { shout: true, name: true } }),
          () => prisma.post.findFirst({ select: { author: { select: { shout: true } } } }),
          () => prisma.post.findFirst({ include: { author: { omit: { name: true } } } }),
        ];
        const show = (value: unknown): unknown =>
          JSON.parse(
            JSON.stringify(
              value,
              (_, part) => (typeof part === 'bigint' ? 'big' : part) as unknown,
            ),
          );
        const misses = [];
        for (const read of reads) misses.push(show(await read()));
        await prisma.$cleanup();
        sent();
        const hits = [];
        for (const read of reads) hits.push(show(await read()));
        expect(sent()).toBe(0);
        expect(hits).toStrictEqual(misses);
        expect(hits[0]).toMatchObject({ name: 'ann', shout: 'ann!', greeting: 'hello' });
        expect(hits[1]).toStrictEqual({ shout: 'ann!' });
        expect(hits[2]).toStrictEqual({ shout: 'ann!', email: 'ann@example.org' });
        expect(hits[3]).toMatchObject({ shout: 'ann!' });
        expect(hits[3]).not.toHaveProperty('name');
        expect(hits[4]).not.toHaveProperty('shout');
        expect(hits[5]).toStrictEqual({ author: { shout: 'ann!' } });
        expect(hits[6]).toMatchObject({ author: { shout: 'ann!' } });
      }
    },
  );

  interface Extended {
    findFirst(args: object): Promise<unknown>;
  }

  test('clients whose computed fields need other fields share a store and not an entry', async () => {
    const { base, plain } = await prepared();
    const adapter = memoryStore();
    const named = (needs: 'name' | 'email') =>
      ({
        result: {
          user: {
            label: {
              needs: { [needs]: true },
              compute: (user: Record<string, unknown>) => user[needs],
            },
          },
        },
      }) as never;
    const byName = cached(base, { adapter }).$extends(named('name'));
    const byEmail = cached(plain, { adapter }).$extends(named('email'));
    const read = { where: { id: 1 }, select: { label: true } } as never;
    const label = async (client: unknown): Promise<unknown> =>
      ((await (client as { user: Extended }).user.findFirst(read)) as { label: unknown }).label;
    expect(await label(byName)).toBe('ann');
    await (byName as unknown as { $cleanup(): Promise<void> }).$cleanup();
    expect(await label(byEmail)).toBe('ann@example.org');
    expect(await label(byName)).toBe('ann');
  });

  test('a selection of nothing but fields that need nothing is left to Prisma', async () => {
    const { base, plain } = await prepared();
    const read = { where: { id: 1 }, select: { greeting: true } } as never;
    const outcome = (client: PrismaClient) =>
      client
        .$extends(shout)
        .user.findFirst(read)
        .then(String, (error: unknown) => (error as Error).name);
    expect(await outcome(cached(base) as unknown as PrismaClient)).toBe(await outcome(plain));
  });

  test('writes compute as they do without the cache', async () => {
    const { base } = await prepared();
    const prisma = cached(base, { accountTier: 'pro' }).$extends(shout);
    const updated = await prisma.user.update({
      where: { id: 1 },
      data: { name: 'anna' },
      select: { shout: true },
    });
    expect(JSON.stringify(updated)).toBe('{"shout":"anna!"}');
    const created = await prisma.user.create({ data: { email: 'c@example.org', name: 'cid' } });
    expect(created.shout).toBe('cid!');
  });
});

describe('query extensions', () => {
  test('added before ours run outside of it: they see hits too', async () => {
    const { base, sent } = await prepared();
    const seen: string[] = [];
    const prisma = cached(base.$extends(logging(seen)) as unknown as PrismaClient);
    await prisma.post.findMany();
    await prisma.$cleanup();
    sent();
    await prisma.post.findMany();
    expect(sent()).toBe(0);
    expect(seen).toEqual(['findMany', 'findMany']);
  });

  test('a tenant filter added by an inner extension is never answered from the cache of another tenant', async () => {
    const { base, sent } = await prepared();
    let authorId = 1;
    const prisma = cached(base).$extends({
      query: {
        post: {
          findMany: ({ args, query }) => query({ ...args, where: { ...args.where, authorId } }),
        },
      },
    });
    const ids = async () =>
      (await prisma.post.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id);
    expect(await ids()).toEqual([1, 2]);
    await prisma.$cleanup();
    authorId = 2;
    expect(await ids()).toEqual([11, 12]);
    // Operations without an inner extension go on being cached.
    await prisma.post.count();
    await prisma.$cleanup();
    sent();
    await prisma.post.count();
    expect(sent()).toBe(0);
  });

  test("innerExtensions: 'harmless'. The reads are cached, and the extension runs on misses", async () => {
    const { base, sent } = await prepared();
    const seen: string[] = [];
    const prisma = cached(base, { innerExtensions: 'harmless' }).$extends(logging(seen));
    const first = await prisma.post.findMany();
    await prisma.$cleanup();
    sent();
    expect(await prisma.post.findMany()).toStrictEqual(first);
    expect(sent()).toBe(0);
    expect(seen).toEqual(['findMany']);
    await prisma.post.createMany({ data: [{ title: 'x', authorId: 1 }] });
    expect(seen).toEqual(['findMany', 'createMany']);
    expect(await prisma.post.findMany()).toHaveLength(5);
    expect(await prisma.post.findUnique({ where: { id: 1 } }).comments()).toHaveLength(1);
  });

  test('innerExtensions as a function: what decides the result is part of the key', async () => {
    const { base, sent } = await prepared();
    let authorId = 1;
    const described = vi.fn(() => [String(authorId)]);
    const prisma = cached(base, { innerExtensions: described }).$extends({
      query: {
        post: {
          findMany: ({ args, query }) => query({ ...args, where: { ...args.where, authorId } }),
        },
      },
    });
    const ids = async () =>
      (await prisma.post.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id);
    expect(await ids()).toEqual([1, 2]);
    authorId = 2;
    expect(await ids()).toEqual([11, 12]);
    await prisma.$cleanup();
    sent();
    authorId = 1;
    expect(await ids()).toEqual([1, 2]);
    authorId = 2;
    expect(await ids()).toEqual([11, 12]);
    expect(sent()).toBe(0);
    expect(described).toHaveBeenCalledWith({
      model: 'Post',
      operation: 'findMany',
      args: { orderBy: { id: 'asc' } },
    });
  });

  test('a write through an unknown inner extension invalidates whatever it may have become', async () => {
    const { base, plain } = await prepared();
    const prisma = cached(base, { accountTier: 'pro' }).$extends({
      query: {
        user: {
          // Soft deletion, and a nested write that the caller did not ask for.
          delete: ({ args }) =>
            plain.user.update({
              where: args.where,
              data: {
                name: null,
                posts: { updateMany: { where: {}, data: { published: false } } },
              },
            }),
        },
      },
    });
    const posts = () => prisma.post.findMany({ where: { published: true } });
    const users = () => prisma.user.findMany();
    expect(await posts()).toHaveLength(2);
    await users();
    await prisma.$cleanup();
    await prisma.user.delete({ where: { id: 1 } });
    expect(await posts()).toHaveLength(1);
    expect((await users())[0]?.name).toBeNull();
  });
});

describe('Writes through an unextended client: llmgateway#2674', () => {
  test('writes of the plain client and of one extended otherwise invalidate too', async () => {
    for (const accountTier of ['free', 'pro'] as const) {
      const { base, plain } = await prepared();
      const prisma = cached(base, { accountTier });
      const other = base.$extends({ name: 'other' });
      const writes: (() => PromiseLike<unknown>)[] = [
        () => base.post.update({ where: { id: 1 }, data: { title: 'by the plain client' } }),
        () => other.comment.create({ data: { content: 'x', postId: 1 } }),
        () =>
          base.user.update({ where: { id: 2 }, data: { posts: { create: { title: 'nested' } } } }),
        () => base.$executeRaw`UPDATE "Post" SET "title" = 'raw' WHERE "id" = 2`,
        () =>
          base.$transaction([base.tag.deleteMany(), base.post.deleteMany({ where: { id: 12 } })]),
        () => base.$transaction(async (tx) => tx.tag.create({ data: { label: accountTier } })),
        () => other.user.delete({ where: { id: 2 } }),
      ];
      const reads = (client: PrismaClient) =>
        Promise.all([
          client.post.findMany({ include: { comments: true, tags: true, author: true } }),
          client.tag.findMany(),
          client.user.count(),
        ]);
      for (const write of writes) {
        await reads(prisma as unknown as PrismaClient);
        await prisma.$cleanup();
        await write();
        expect(await reads(prisma as unknown as PrismaClient)).toStrictEqual(await reads(plain));
      }
    }
  });

  test('a rollback of the plain client invalidates nothing', async () => {
    const { base, sent } = await prepared();
    const prisma = cached(base);
    await prisma.post.findMany();
    await prisma.$cleanup();
    const rollback = base.$transaction(async (tx) => {
      await tx.post.deleteMany();
      throw new Error('rolled back');
    });
    await expect(rollback).rejects.toThrow('rolled back');
    sent();
    await prisma.post.findMany();
    expect(sent()).toBe(0);
  });

  test('reads of the plain client are not cached', async () => {
    const { base, sent } = await prepared();
    const prisma = cached(base);
    await prisma.post.findMany();
    await prisma.$cleanup();
    sent();
    await base.post.findMany();
    expect(sent()).toBe(1);
  });
});

import { skip } from '@prisma/client/runtime/client';
import { describe, expect, test } from 'vitest';
import { Prisma } from './generated/sqlite/client/client.js';
import { cached, openSqlite, seed } from './support/sqlite.js';

async function prepared(own: Parameters<typeof cached>[1] = {}) {
  const opened = await openSqlite();
  await seed(opened.plain);
  const prisma = cached(opened.base, own);
  /** Whether the read is answered without a query after it was asked once. */
  const isCached = async (read: () => PromiseLike<unknown>): Promise<boolean> => {
    await read();
    await prisma.$cleanup();
    opened.sent();
    await read();
    return opened.sent() === 0;
  };
  return { ...opened, prisma, isCached };
}

describe('values', () => {
  test('Dates become strings: Asjas/prisma-redis-middleware#382, yxx4c/prisma-extension-redis#11. A hit has the types of a miss', async () => {
    const { prisma, sent } = await prepared();
    const read = () =>
      prisma.user.findUniqueOrThrow({ where: { id: 1 }, include: { posts: true } });
    const miss = await read();
    await prisma.$cleanup();
    sent();
    const hit = await read();
    expect(sent()).toBe(0);
    expect(hit).toStrictEqual(miss);
    expect(hit.joinedAt).toBeInstanceOf(Date);
    expect(hit.posts[0]?.updatedAt).toBeInstanceOf(Date);
    expect(hit.balance).toBeInstanceOf(Prisma.Decimal);
    expect(hit.balance.plus('0.25').toString()).toBe('10.75');
    expect(hit.visits).toBe(2n ** 40n);
    expect(hit.avatar).toBeInstanceOf(Uint8Array);
    expect(hit.settings).toStrictEqual({ theme: 'dark', nested: [1, null, { deep: true }] });
  });

  test('aliasing of one shared result object: every caller has a copy of its own', async () => {
    const { prisma } = await prepared();
    const read = () => prisma.post.findMany({ include: { comments: true } });
    const [one, other] = await Promise.all([read(), read()]);
    one[0]?.comments.splice(0);
    Object.assign(one[1] ?? {}, { title: 'changed by the caller' });
    expect(other[0]?.comments).toHaveLength(1);
    const hit = await read();
    expect(hit[0]?.comments).toHaveLength(1);
    expect(hit[1]?.title).toBe('ann 2');
  });

  test('a cached null is never invalidated: Asjas/prisma-redis-middleware#272. A create invalidates the null', async () => {
    const { prisma, isCached } = await prepared();
    const read = () => prisma.tag.findUnique({ where: { label: 'new' } });
    expect(await isCached(read)).toBe(true);
    expect(await read()).toBeNull();
    await prisma.tag.create({ data: { label: 'new' } });
    expect(await read()).toMatchObject({ label: 'new' });
  });

  test('an error is not cached', async () => {
    const { prisma, sent } = await prepared();
    const read = () => prisma.tag.findUniqueOrThrow({ where: { label: 'new' } });
    await expect(read()).rejects.toMatchObject({ code: 'P2025' });
    await prisma.$cleanup();
    sent();
    await expect(read()).rejects.toMatchObject({ code: 'P2025' });
    expect(sent()).toBeGreaterThan(0);
  });
});

describe('shapes of a result', () => {
  test('a fluent call and the select that it stands for share an entry and differ in shape', async () => {
    const { prisma, sent } = await prepared();
    const selected = await prisma.post.findUnique({ where: { id: 1 }, select: { comments: true } });
    await prisma.$cleanup();
    sent();
    expect(await prisma.post.findUnique({ where: { id: 1 } }).comments()).toStrictEqual(
      selected?.comments,
    );
    expect(sent()).toBe(0);
    expect(await prisma.post.findUnique({ where: { id: 99 } }).comments()).toBeNull();
    const bio = await prisma.post
      .findUnique({ where: { id: 1 } })
      .author()
      .profile();
    await prisma.$cleanup();
    sent();
    expect(
      await prisma.post
        .findUnique({ where: { id: 1 } })
        .author()
        .profile(),
    ).toStrictEqual(bio);
    expect(sent()).toBe(0);
    await prisma.comment.deleteMany({ where: { postId: 1 } });
    expect(await prisma.post.findUnique({ where: { id: 1 } }).comments()).toEqual([]);
  });

  test('a write may be followed by a fluent call', async () => {
    const { prisma, plain } = await prepared({ accountTier: 'pro' });
    const comments = await prisma.post
      .update({ where: { id: 1 }, data: { title: 'fluent' } })
      .comments({ select: { content: true } });
    expect(comments).toEqual([{ content: 'First' }]);
    expect((await plain.post.findUnique({ where: { id: 1 } }))?.title).toBe('fluent');
  });

  test('omit and client-level omit hide what they hide without the cache, and are told apart', async () => {
    const { database } = await prepared();
    expect(database.url).toBeTypeOf('string');
    const { base, plain, sent } = await openSqlite({
      omit: { user: { password: true, avatar: true } },
    });
    await seed(plain);
    for (const accountTier of ['free', 'pro'] as const) {
      const prisma = cached(base, { accountTier });
      const reads = [
        () => prisma.user.findFirst({ where: { id: 1 } }),
        () => prisma.user.findFirst({ where: { id: 1 }, omit: { password: false } }),
        () => prisma.user.findFirst({ where: { id: 1 }, omit: { name: true } }),
        () => prisma.post.findFirst({ where: { id: 1 }, include: { author: true } }),
        () => prisma.post.findFirst({ where: { id: 1 }, select: { author: true } }),
      ];
      const misses = [];
      for (const read of reads) misses.push(await read());
      await prisma.$cleanup();
      sent();
      const hits = [];
      for (const read of reads) hits.push(await read());
      expect(sent()).toBe(0);
      expect(hits).toStrictEqual(misses);
      expect(hits[0]).not.toHaveProperty('password');
      expect(hits[1]).toHaveProperty('password');
      expect(hits[2]).not.toHaveProperty('name');
      expect(hits[3]).not.toHaveProperty('author.avatar');
      const created = await prisma.user.create({ data: { email: `${accountTier}@example.org` } });
      expect(created).not.toHaveProperty('password');
    }
  });

  test('clients with and without client-level omit share a store and not an entry', async () => {
    const { base, plain, database } = await openSqlite({ omit: { user: { password: true } } });
    await seed(plain);
    const own = { adapter: (await import('./support/store.js')).memoryStore() };
    const [omitting, showing] = [cached(base, own), cached(plain, own)];
    const read = { where: { id: 1 } };
    expect(await omitting.user.findFirst(read)).not.toHaveProperty('password');
    await omitting.$cleanup();
    expect(await showing.user.findFirst(read)).toHaveProperty('password');
    expect(database.url).toContain('file:');
  });

  test('relationLoadStrategy is an argument like any other', async () => {
    const { prisma } = await prepared();
    const strategy: object = { relationLoadStrategy: 'join' };
    const read = prisma.post.findMany({ ...strategy });
    // This schema has no preview feature of that name: Prisma itself must refuse, not the cache.
    await expect(read).rejects.toMatchObject({ name: 'PrismaClientValidationError' });
  });

  test('Prisma.skip and undefined are as if the property were not there', async () => {
    const { prisma, sent } = await prepared({ accountTier: 'pro' });
    const all = await prisma.post.findMany({ where: {} });
    await prisma.$cleanup();
    sent();
    const skipped = { where: { authorId: skip, title: undefined } } as object;
    expect(await prisma.post.findMany(skipped)).toStrictEqual(all);
    await prisma.post.create({ data: { title: 'of another author', authorId: 2 } });
    expect(await prisma.post.findMany(skipped)).toHaveLength(5);
  });
});

describe('cacheStrategy', () => {
  test('Cache options reach Prisma: yxx4c/prisma-extension-redis#22. They are stripped from every read', async () => {
    const { prisma, isCached } = await prepared();
    const cacheStrategy = { ttl: 60, swr: 10, tags: ['a'] };
    const reads = [
      () => prisma.post.findUnique({ where: { id: 1 }, cacheStrategy }),
      () => prisma.post.findUniqueOrThrow({ where: { id: 1 }, cacheStrategy }),
      () => prisma.post.findFirst({ cacheStrategy }),
      () => prisma.post.findFirstOrThrow({ cacheStrategy }),
      () => prisma.post.findMany({ cacheStrategy }),
      () => prisma.post.count({ cacheStrategy }),
      () => prisma.post.aggregate({ _count: true, cacheStrategy }),
      () => prisma.post.groupBy({ by: ['authorId'], cacheStrategy }),
      () => prisma.post.findUnique({ where: { id: 1 }, cacheStrategy }).comments(),
    ];
    for (const read of reads) expect(await isCached(read)).toBe(true);
  });

  test('false: skip the cache per query (prisma#21442); the argument is stripped all the same', async () => {
    const { prisma, isCached } = await prepared();
    expect(await isCached(() => prisma.post.findMany({ cacheStrategy: false }))).toBe(false);
    expect(await isCached(() => prisma.post.findMany())).toBe(true);
  });

  test('tags invalidate what carries them', async () => {
    const { prisma, sent } = await prepared();
    const home = () => prisma.post.findMany({ cacheStrategy: { tags: ['home'] } });
    const other = () => prisma.tag.findMany({ cacheStrategy: { tags: ['other'] } });
    await home();
    await other();
    await prisma.$cleanup();
    await prisma.$invalidateCache({ tags: ['home'] });
    sent();
    await other();
    expect(sent()).toBe(0);
    await home();
    expect(sent()).toBeGreaterThan(0);
  });

  test.each([
    [{ ttl: -1 }, 'ttl'],
    [{ swr: Number.NaN }, 'swr'],
    [{ tags: ['not a tag'] }, 'tag'],
    [{ tags: ['1', '2', '3', '4', '5', '6'] }, 'tags'],
    [{ ttll: 60 }, 'ttll'],
    [true, 'cacheStrategy'],
    [60, 'cacheStrategy'],
  ])('%j is refused before the database is asked', async (cacheStrategy, part) => {
    const { prisma, sent } = await prepared();
    const read = prisma.post.findMany({ cacheStrategy: cacheStrategy as never });
    await expect(read).rejects.toMatchObject({ code: 'BOOST_STRATEGY_INVALID' });
    await expect(read).rejects.toThrow(part);
    expect(sent()).toBe(0);
  });
});

describe('not caching', () => {
  test('enabled: false. Nothing is read from the cache, and writes go on invalidating for those who read it', async () => {
    const { base, prisma: _, ...opened } = await prepared();
    const adapter = (await import('./support/store.js')).memoryStore();
    const off = cached(base, { adapter, enabled: false });
    const on = cached(opened.plain, { adapter });
    await on.post.findMany();
    await on.$cleanup();
    opened.sent();
    await off.post.findMany({ cacheStrategy: { ttl: 60 } });
    await off.post.findMany();
    expect(opened.sent()).toBe(2);
    await off.post.update({ where: { id: 1 }, data: { title: 'by the other' } });
    expect((await on.post.findMany())[0]?.title).toBe('by the other');
  });

  test('cacheByDefault: false. Only reads with a cacheStrategy are cached', async () => {
    const { prisma, isCached } = await prepared({ cacheByDefault: false });
    expect(await isCached(() => prisma.post.findMany())).toBe(false);
    expect(await isCached(() => prisma.post.findMany({ cacheStrategy: {} }))).toBe(true);
  });

  test('models: { User: { cache: false } }. No result that shows the model is cached, unless the query says so', async () => {
    const { prisma, isCached } = await prepared({ models: { User: { cache: false } } });
    expect(await isCached(() => prisma.user.count())).toBe(false);
    expect(await isCached(() => prisma.post.findMany({ include: { author: true } }))).toBe(false);
    const deep = { include: { comments: { select: { post: { select: { author: true } } } } } };
    expect(await isCached(() => prisma.tag.findMany({ include: { posts: deep } }))).toBe(false);
    expect(await isCached(() => prisma.post.findMany())).toBe(true);
    const asked = { include: { author: true }, cacheStrategy: { ttl: 60 } };
    expect(await isCached(() => prisma.post.findMany(asked))).toBe(true);
  });

  test('a ttl of 0 for a model', async () => {
    const { prisma, isCached } = await prepared({ models: { Post: { ttl: 0, swr: 0 } } });
    expect(await isCached(() => prisma.post.findMany())).toBe(false);
    expect(await isCached(() => prisma.tag.findMany())).toBe(true);
    expect(await isCached(() => prisma.post.findMany({ cacheStrategy: { ttl: 5 } }))).toBe(true);
  });
});

import { isBoostError } from '@boost/core';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { AccelerateInfo, CacheInfo } from '../src/index.js';
import { cached, openSqlite, seed } from './support/sqlite.js';
import { memoryStore } from './support/store.js';

async function prepared(own: Parameters<typeof cached>[1] = {}) {
  const opened = await openSqlite();
  await seed(opened.plain);
  return { ...opened, prisma: cached(opened.base, own) };
}

const KEY = /^[\w-]{43}$/;

describe('withCacheInfo', () => {
  test('tells the status, the age, the key and the scopes of a miss and of a hit', async () => {
    let nowMs = 1_000_000;
    const { prisma } = await prepared({ adapter: memoryStore({ now: () => nowMs }) });
    const read = () => prisma.post.findUnique({ where: { id: 1 } }).withCacheInfo();
    const miss = await read();
    expectTypeOf(miss.info).toEqualTypeOf<CacheInfo>();
    expectTypeOf(miss.data?.title).toEqualTypeOf<string | undefined>();
    expect(miss.data).toMatchObject({ id: 1 });
    expect(miss.info).toMatchObject({ status: 'miss', reason: 'absent', ageMs: 0 });
    expect(miss.info.key).toMatch(KEY);
    await prisma.$cleanup();
    nowMs += 1_000;
    const { data, info } = await read();
    expect(data).toStrictEqual(miss.data);
    expect(info).toMatchObject({ status: 'hit-memory', key: miss.info.key, coalesced: false });
    expect(info.scopes).toContain('Post!');
    expect(info.ageMs).toBeGreaterThanOrEqual(0);
  });

  test('tells why a read goes past the cache', async () => {
    const { prisma } = await prepared();
    const { info } = await prisma.post.findMany({ cacheStrategy: false }).withCacheInfo();
    expect(info).toMatchObject({ status: 'bypass', reason: 'strategy' });
  });

  test('tells what a write made wrong', async () => {
    const { prisma } = await prepared();
    await prisma.post.count();
    await prisma.$cleanup();
    await prisma.tag.deleteMany();
    expect((await prisma.post.count().withCacheInfo()).info.status).toBe('hit-memory');
    await prisma.post.deleteMany({ where: { id: 1 } });
    const { info } = await prisma.post.count().withCacheInfo();
    expect(info).toMatchObject({ status: 'miss', reason: 'invalidated by Post!' });
  });

  test('asks the database once, however often the promise is used', async () => {
    const { prisma, sent } = await prepared();
    sent();
    const promise = prisma.tag.findMany();
    const [{ data }, again] = [await promise.withCacheInfo(), await promise];
    expect(again).toBe(data);
    expect(sent()).toBe(1);
  });

  test('is there on fluent calls, on every read, and on clients that are extended further', async () => {
    const { prisma } = await prepared();
    const fluent = prisma.post.findUnique({ where: { id: 1 } }).comments();
    expect((await fluent.withCacheInfo()).data).toMatchObject([{ postId: 1 }]);
    const extended = prisma.$extends({ result: { post: { big: { compute: () => true } } } });
    expect((await extended.post.findMany().withCacheInfo()).data[0]?.big).toBe(true);
    expect((await prisma.post.aggregate({ _count: true }).withCacheInfo()).info.status).toBe(
      'miss',
    );
    const groups = await prisma.post.groupBy({ by: ['authorId'], _count: true }).withCacheInfo();
    expect(groups.data[0]?._count).toBeGreaterThan(0);
  });

  test('is not there on writes', async () => {
    const { prisma } = await prepared();
    const write = prisma.tag.deleteMany();
    expect(write).not.toHaveProperty('withCacheInfo');
    await write;
  });

  test('rejects with what the read rejects with', async () => {
    const { prisma } = await prepared();
    const missing = prisma.post.findUniqueOrThrow({ where: { id: 404 } });
    await expect(missing.withCacheInfo()).rejects.toMatchObject({ code: 'P2025' });
  });
});

describe('for users of Prisma Accelerate', () => {
  test('withAccelerateInfo tells ttl, miss and none', async () => {
    const { prisma } = await prepared({ cacheByDefault: false });
    const read = () =>
      prisma.post.findMany({ cacheStrategy: { ttl: 60, swr: 60 } }).withAccelerateInfo();
    const { info: first } = await read();
    expectTypeOf(first).toEqualTypeOf<AccelerateInfo | null>();
    expect(first).toMatchObject({ cacheStatus: 'miss', region: 'unspecified' });
    await prisma.$cleanup();
    const { data, info } = await read();
    expect(data).toHaveLength(await prisma.post.count());
    expect(info?.cacheStatus).toBe('ttl');
    expect(info?.signature).toMatch(KEY);
    expect(info?.lastModified).toBeInstanceOf(Date);
    const { info: none } = await prisma.post.findMany().withAccelerateInfo();
    expect(none?.cacheStatus).toBe('none');
  });

  test('$accelerate.invalidate drops what has one of the tags, $accelerate.invalidateAll everything', async () => {
    const { prisma } = await prepared();
    const status = async (tags: string[]) =>
      (await prisma.tag.findMany({ cacheStrategy: { ttl: 60, tags } }).withAccelerateInfo()).info
        ?.cacheStatus;
    const tagged = () => status(['home_page']);
    await tagged();
    await prisma.$cleanup();
    expect(await tagged()).toBe('ttl');
    expect(await prisma.$accelerate.invalidate({ tags: ['other'] })).toEqual({
      requestId: 'unspecified',
    });
    expect(await tagged()).toBe('ttl');
    await prisma.$accelerate.invalidate({ tags: ['home_page'] });
    expect(await tagged()).toBe('miss');
    await prisma.$cleanup();
    await prisma.$accelerate.invalidateAll();
    expect(await tagged()).toBe('miss');
  });

  test('$accelerate.invalidate refuses what is no tag', async () => {
    const { prisma } = await prepared();
    const refused = prisma.$accelerate.invalidate({ tags: ['not a tag'] });
    await expect(refused).rejects.toSatisfy((e) => isBoostError(e, 'BOOST_STRATEGY_INVALID'));
  });
});

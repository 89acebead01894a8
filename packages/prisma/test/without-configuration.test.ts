import { isBoostError, type EngineEvent } from '@boost/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CacheExtensionOptions } from '../src/index.js';
import { FaultyStore } from './support/faulty-store.js';
import { cached, openSqlite, seed } from './support/sqlite.js';
import { memoryStore } from './support/store.js';

/** The table "Things that happen without configuration", row by row. */

afterEach(() => {
  vi.useRealTimers();
});

interface Told {
  readonly error: unknown;
  readonly operation: string;
}

async function prepared(own: Partial<CacheExtensionOptions> = {}) {
  const opened = await openSqlite();
  await seed(opened.plain);
  const store = new FaultyStore();
  const errors: Told[] = [];
  const events: EngineEvent[] = [];
  const prisma = cached(opened.base, {
    adapter: store.adapter,
    onError: (error, operation) => errors.push({ error, operation }),
    onEvent: (event) => events.push(event),
    ...own,
  });
  const statusOf = async (id: number): Promise<string> =>
    (await prisma.post.findUnique({ where: { id } }).withCacheInfo()).info.status;
  return { ...opened, store, errors, events, prisma, statusOf };
}

/** What `run` resolves to, with timers that the clock does not wait for. */
async function hurried<Result>(run: () => PromiseLike<Result>): Promise<Result> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let settled = false;
  const done = (): void => void (settled = true);
  const running = run();
  running.then(done, done);
  while (!settled) {
    await vi.advanceTimersByTimeAsync(100);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  vi.useRealTimers();
  return running;
}

describe('Things that happen without configuration', () => {
  test('Query needs PK for invalidation but user only selected other fields: PK fields silently added to select', async () => {
    const { prisma, plain } = await prepared({ accountTier: 'pro' });
    const select = { title: true } as const;
    const read = () => prisma.post.findMany({ select, orderBy: { title: 'asc' } });
    const rows = await read();
    expect(rows).toStrictEqual(await plain.post.findMany({ select, orderBy: { title: 'asc' } }));
    await prisma.$cleanup();
    await prisma.post.update({ where: { id: 1 }, data: { title: 'A new title' } });
    expect(await read()).toContainEqual({ title: 'A new title' });
  });

  test('100 concurrent identical queries: deduplicated to 1 database call', async () => {
    const { prisma, sent } = await prepared();
    sent();
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => prisma.post.findUnique({ where: { id: 1 } })),
    );
    expect(sent()).toBe(1);
    expect(new Set(answers).size).toBe(100);
    for (const answer of answers) expect(answer).toStrictEqual(answers[0]);
  });

  test('Cache backend failing: circuit breaker opens, requests go direct to DB', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { prisma, store, errors, statusOf } = await prepared();
    await statusOf(1);
    await prisma.$cleanup();
    expect(await statusOf(1)).toBe('hit-memory');

    store.reads = 'error';
    store.asked = 0;
    for (let read = 0; read < 20; read++) {
      const { data, info } = await prisma.post.findUnique({ where: { id: 1 } }).withCacheInfo();
      expect(data).toMatchObject({ id: 1 });
      expect(info.status).toBe('bypass');
    }
    expect(store.asked).toBe(5);
    const { info } = await prisma.post.findUnique({ where: { id: 1 } }).withCacheInfo();
    expect(info.reason).toBe('circuit-open');
    // Two tries a read: the third read's first try opens the circuit.
    expect(errors).toHaveLength(3);
    for (const { error, operation } of errors) {
      expect(operation).toBe('get');
      expect(isBoostError(error, 'BOOST_STORE_FAILED') && error.cause).toBeInstanceOf(TypeError);
    }

    store.reads = 'well';
    vi.setSystemTime(Date.now() + 30_000);
    expect(await statusOf(1)).toBe('hit-memory');
  });

  test('Cached value exceeds size limit: skipped, not cached', async () => {
    const { prisma, events, errors, plain } = await prepared();
    await plain.post.update({ where: { id: 1 }, data: { title: 'x'.repeat(10 * 1024) } });
    const read = () => prisma.post.findUnique({ where: { id: 1 } }).withCacheInfo();
    for (let reads = 0; reads < 2; reads++) {
      expect((await read()).info.status).toBe('miss');
      await prisma.$cleanup();
    }
    const skips = events.filter(({ type }) => type === 'skip');
    expect(skips).toMatchObject([{ reason: 'too-large' }, { reason: 'too-large' }]);
    expect(errors).toEqual([]);
  });

  test('Epoch read times out: retry, then treat as epoch 0 (cache miss)', async () => {
    const { prisma, store, errors, statusOf } = await prepared();
    await statusOf(1);
    await prisma.$cleanup();
    store.reads = 'never';
    store.asked = 0;
    const { data, info } = await hurried(() =>
      prisma.post.findUnique({ where: { id: 1 } }).withCacheInfo(),
    );
    expect(data).toMatchObject({ id: 1 });
    // Nothing is stored under an epoch that could not be read: the database answers until it can.
    expect(info).toMatchObject({ status: 'bypass', reason: 'store-failed' });
    expect(store.asked).toBe(2);
    expect(errors).toMatchObject([{ operation: 'get', error: { code: 'BOOST_STORE_TIMEOUT' } }]);
    store.reads = 'well';
    expect(await statusOf(1)).toBe('hit-memory');
  });

  test('Background cache write fails: logged, response unaffected', async () => {
    const { prisma, store, errors, statusOf } = await prepared();
    store.writes = 'error';
    expect(await statusOf(1)).toBe('miss');
    await prisma.$cleanup();
    expect(errors).toMatchObject([{ operation: 'set', error: { code: 'BOOST_STORE_FAILED' } }]);
    store.writes = 'well';
    expect(await statusOf(1)).toBe('miss');
    await prisma.$cleanup();
    expect(await statusOf(1)).toBe('hit-memory');
  });

  test.each(['public', 'PUBLIC-0', 'shared', 'undefined'])(
    'Tenant ID is reserved word: rejected with error (%s)',
    async (tenantId) => {
      const { prisma } = await prepared({ getPrivateContext: () => ({ tenantId }) });
      await expect(prisma.post.findMany()).rejects.toSatisfy((error) =>
        isBoostError(error, 'BOOST_TENANT_RESERVED'),
      );
    },
  );

  test('FK changes from Post:1 to Post:2: both Post:1 and Post:2 invalidated', async () => {
    const { prisma } = await prepared({ accountTier: 'pro', adapter: memoryStore() });
    const comments = (id: number) =>
      prisma.post.findUnique({ where: { id }, include: { comments: true } }).withCacheInfo();
    const [from, to, other] = [1, 2, 3];
    for (const id of [from, to, other]) await comments(id);
    await prisma.$cleanup();
    const moved = (await comments(from)).data?.comments[0];
    await prisma.comment.update({ where: { id: moved?.id ?? 0 }, data: { postId: to } });
    expect((await comments(from)).data?.comments).not.toContainEqual(moved);
    expect((await comments(to)).data?.comments).toContainEqual({ ...moved, postId: to });
    expect((await comments(other)).info.status).toBe('hit-memory');
  });
});

import { KV_PRICE_USD, type CacheAdapter } from '@boost/core';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createCacheExtension, type CacheExtensionOptions } from '../src/index.js';
import { READS, WRITES } from './matrix/operations.js';
import { answer, answers, expectSame } from './matrix/run.js';
import { clear, openSqlite, options, seed } from './support/sqlite.js';
import { sharedStore } from './support/store.js';

const ONE = { where: { id: 1 } } as const;

/** A store that bills, as KV does, and what it was asked. */
function billing() {
  const inner = sharedStore();
  const asked: string[] = [];
  const through =
    <Name extends 'get' | 'getMany' | 'set' | 'delete' | 'deleteMany' | 'list'>(name: Name) =>
    (...args: Parameters<CacheAdapter[Name]>): ReturnType<CacheAdapter[Name]> => {
      asked.push(name);
      const run = inner[name] as (...given: unknown[]) => ReturnType<CacheAdapter[Name]>;
      return run.apply(inner, args);
    };
  const adapter: CacheAdapter = {
    name: 'billing',
    capabilities: { ...inner.capabilities, tier: 'l2' },
    identity: inner,
    get: through('get'),
    getMany: through('getMany'),
    set: through('set'),
    delete: through('delete'),
    deleteMany: through('deleteMany'),
    list: through('list'),
  };
  const since = (): readonly string[] => asked.splice(0);
  return { adapter, since };
}

async function opened() {
  const { base, plain } = await openSqlite();
  await seed(plain);
  const { adapter, since } = billing();
  const logged: string[] = [];
  for (const name of ['warn', 'error'] as const) {
    const spy = vi
      .spyOn(console, name)
      .mockImplementation((text: string) => void logged.push(text));
    onTestFinished(() => spy.mockRestore());
  }
  const client = (own: Partial<CacheExtensionOptions> = {}) =>
    base.$extends(createCacheExtension(options({ adapter, accountTier: 'pro', ...own })));
  return { client, plain, since, logged };
}

/** A budget of which the given amount is spent, as the client learns with its first operation. */
const spent = (spentUsd: number) => ({
  budget: { maxMonthlyUsd: 5, spentUsd: () => Promise.resolve(spentUsd) },
});

/** So much later the spending of all isolates is asked for again. */
function later(minutes: number): void {
  vi.setSystemTime(Date.now() + minutes * 60_000);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 23) });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('a monthly budget', () => {
  test('at 90 %: invalid entries are left to their epochs, with a warning that is given once', async () => {
    const { client, since, logged } = await opened();
    const reasons: (string | undefined)[] = [];
    const prisma = client({
      ...spent(4.5),
      invalidationPolicy: { strategy: 'delete' },
      onInvalidate: (_, { details }) => void reasons.push(details?.fallbackReason),
    });
    const title = async () => (await prisma.post.findUniqueOrThrow(ONE)).title;
    await title();
    await prisma.$cleanup();
    since();
    await prisma.post.update({ ...ONE, data: { title: 'after' } });
    await prisma.$cleanup();
    expect(since()).not.toContain('list');
    expect(reasons).toEqual(['budget']);
    expect(await title()).toBe('after');
    // An epoch of this moment may have been put after the database was read.
    later(1);
    await title();
    await prisma.$cleanup();
    const { info } = await prisma.post.findUniqueOrThrow(ONE).withCacheInfo();
    expect(info.status).toMatch(/^hit/);
    expect(logged).toEqual(['WARN: Degrading to epoch-only: spent $4.50 of $5.00 monthly limit']);
  });

  test('at 100 %: the database answers and nothing is stored, while writes go on bumping', async () => {
    const { client, since, logged } = await opened();
    const prisma = client(spent(5.03));
    await prisma.post.findUnique(ONE);
    await prisma.$cleanup();
    expect(logged).toEqual(['ERROR: Monthly budget EXCEEDED: $5.03 of $5.00 - DISABLING cache']);
    since();
    const { info } = await prisma.post.findUnique(ONE).withCacheInfo();
    expect(info).toMatchObject({ status: 'bypass', reason: 'budget' });
    await prisma.$cleanup();
    expect(since()).toEqual([]);
    await prisma.post.update({ ...ONE, data: { title: 'after' } });
    await prisma.$cleanup();
    expect(new Set(since())).toEqual(new Set(['set']));
  });

  test('budget spent and reset: nothing that was written meanwhile is stale when caching comes back', async () => {
    const { client, logged } = await opened();
    const prisma = client({ defaultTTL: 86_400 * 20, ...spent(1) });
    const read = () => prisma.post.findUniqueOrThrow(ONE).withCacheInfo();
    const list = () => prisma.post.findMany({ where: { title: 'meanwhile' } });
    await read();
    await list();
    await prisma.$cleanup();
    expect((await read()).info.status).toMatch(/^hit/);
    later(11);
    const off = client(spent(6));
    await off.post.count();
    await off.$cleanup();
    const { info } = await off.post.findUniqueOrThrow(ONE).withCacheInfo();
    expect(info.reason).toBe('budget');
    await off.post.update({ ...ONE, data: { title: 'meanwhile' } });
    await off.$transaction([off.post.update({ where: { id: 2 }, data: { title: 'meanwhile' } })]);
    vi.setSystemTime(Date.UTC(2026, 11, 1));
    const back = client(spent(0));
    const { data, info: then } = await back.post.findUniqueOrThrow(ONE).withCacheInfo();
    expect(data.title).toBe('meanwhile');
    expect(then.reason).toMatch(/^invalidated/);
    expect(await back.post.findMany({ where: { title: 'meanwhile' } })).toHaveLength(2);
    await back.$cleanup();
    later(1);
    await back.post.findUniqueOrThrow(ONE);
    await back.$cleanup();
    expect((await back.post.findUniqueOrThrow(ONE).withCacheInfo()).info.status).toMatch(/^hit/);
    expect(logged).toHaveLength(1);
  });

  test('a fill that was under way when the budget ran out is no older than its writes', async () => {
    const { client } = await opened();
    let total = 1;
    const shared = { budget: { maxMonthlyUsd: 5, spentUsd: () => Promise.resolve(total) } };
    const prisma = client(shared);
    await prisma.post.count();
    // Prisma begins when somebody waits.
    const filling = prisma.post.findUniqueOrThrow(ONE).then((row) => row);
    total = 6;
    later(11);
    const off = client(shared);
    await off.post.count();
    expect((await off.post.count().withCacheInfo()).info.reason).toBe('budget');
    await off.post.update({ ...ONE, data: { title: 'raced' } });
    await filling;
    await prisma.$cleanup();
    await off.$cleanup();
    vi.setSystemTime(Date.UTC(2026, 11, 1));
    expect((await client(spent(0)).post.findUniqueOrThrow(ONE)).title).toBe('raced');
  });

  test('however it was written meanwhile, nothing is stale when caching comes back', async () => {
    const { client, plain } = await opened();
    type Write = (off: ReturnType<typeof client>) => Promise<unknown>;
    const writes: Readonly<Record<string, Write>> = {
      'a raw statement': (off) => off.$executeRaw`UPDATE "Post" SET "title" = 'raw'`,
      'an interactive transaction': (off) =>
        off.$transaction((tx) => tx.comment.create({ data: { content: 'x', postId: 1 } })),
      'a batch': (off) => off.$transaction([off.tag.deleteMany()]),
      'a write past the cache, and a model by hand': async (off) => {
        await plain.$executeRaw`UPDATE "User" SET "name" = 'by hand'`;
        await off.$invalidateCache('User');
      },
    };
    for (const title of [
      'nested writes of every kind',
      'delete with two levels of cascade',
      'updateMany that moves rows',
    ]) {
      const write = WRITES[title];
      if (write === undefined) throw new Error(`There is no ${title} any more.`);
      Object.assign(writes, { [title]: (off: ReturnType<typeof client>) => answer(off, write) });
    }
    for (const [title, write] of Object.entries(writes)) {
      vi.setSystemTime(Date.UTC(2026, 10, 23));
      await clear(plain);
      await seed(plain);
      const own = { defaultTTL: 86_400 * 20, version: title };
      const before = client({ ...own, ...spent(1) });
      await answers(before, READS);
      await before.$cleanup();
      later(11);
      const off = client({ ...own, ...spent(6) });
      await off.post.count();
      await off.$cleanup();
      expect((await off.post.count().withCacheInfo()).info.reason, title).toBe('budget');
      await write(off);
      await off.$cleanup();
      vi.setSystemTime(Date.UTC(2026, 11, 1));
      const back = client({ ...own, ...spent(0) });
      expectSame(await answers(back, READS), await answers(plain, READS), title);
    }
  });

  test('counts what its isolate is billed, for all of its clients', async () => {
    const { client, logged } = await opened();
    const budget = { maxMonthlyUsd: 20 * KV_PRICE_USD.write };
    for (let at = 0; at < 40; at++) {
      const prisma = client({ budget });
      await prisma.post.findUnique(ONE);
      await prisma.post.update({ ...ONE, data: { title: String(at) } });
      await prisma.$cleanup();
    }
    expect(logged).toHaveLength(2);
    const reasonOf = async () =>
      (await client({ budget }).post.count().withCacheInfo()).info.reason;
    expect(await reasonOf()).toBe('budget');
    vi.setSystemTime(Date.UTC(2026, 11, 1));
    expect(await reasonOf()).toBe('absent');
  });

  test('comes from the environment, or from when the config was generated', async () => {
    const { client } = await opened();
    const config = { ...options().config, budget: { maxMonthlyUsd: 1e-9 } };
    const reasonOf = async (own: Partial<CacheExtensionOptions>) => {
      await client(own).post.findMany();
      return (await client(own).post.count().withCacheInfo()).info.reason;
    };
    expect(await reasonOf({ config })).toBe('budget');
    expect(await reasonOf({})).not.toBe('budget');
    vi.stubEnv('CF_MAX_MONTHLY_BUDGET_USD', '0.000000001');
    expect(await reasonOf({})).toBe('budget');
    expect(await reasonOf({ budget: { maxMonthlyUsd: 5 } })).not.toBe('budget');
    vi.stubEnv('CF_MAX_MONTHLY_BUDGET_USD', 'five');
    expect(() => client()).toThrow('CF_MAX_MONTHLY_BUDGET_USD is "five"');
  });

  test('goes on with what it knows where asking for all spending fails', async () => {
    const { client } = await opened();
    const errors: unknown[] = [];
    const spentUsd = () => Promise.reject(new Error('no answer'));
    const prisma = client({
      budget: { maxMonthlyUsd: 5, spentUsd },
      onError: (error, operation) => void errors.push([String(error), operation]),
    });
    await prisma.post.findUnique(ONE);
    await prisma.$cleanup();
    expect(errors).toEqual([['Error: no answer', 'budget']]);
    expect((await prisma.post.findUnique(ONE).withCacheInfo()).info.status).toMatch(/^hit/);
  });
});

describe('learned caps', () => {
  const told = async (
    caps: NonNullable<CacheExtensionOptions['config']['caps']>,
    own: Partial<CacheExtensionOptions> = {},
  ) => {
    const { client, since } = await opened();
    const reasons: (string | undefined)[] = [];
    const config = { ...options().config, caps };
    const prisma = client({
      config,
      invalidationPolicy: { strategy: 'delete' },
      onInvalidate: (_, { details }) => void reasons.push(details?.fallbackReason),
      ...own,
    });
    await prisma.post.findUnique(ONE);
    await prisma.post.findUnique({ where: { id: 2 } });
    await prisma.$cleanup();
    since();
    await prisma.post.updateMany({ where: { id: { in: [1, 2] } }, data: { title: 'capped' } });
    await prisma.$cleanup();
    expect((await prisma.post.findUniqueOrThrow(ONE)).title).toBe('capped');
    return { reason: reasons[0], asked: since() };
  };

  test('lower what the invalidations of their model take', async () => {
    expect((await told({ Post: { maxDeletes: 1 } })).reason).toBe('max-deletes');
    expect((await told({ Post: { maxLists: 0 } })).reason).toBe('max-lists');
    expect((await told({ Post: { maxRows: 1 } })).reason).toContain('row-budget');
    expect((await told({ User: { maxDeletes: 0 } })).reason).toBeUndefined();
  });

  test('give deleting up where they say so', async () => {
    const { reason, asked } = await told({ Post: { strategy: 'epoch' } });
    expect(reason).toBeUndefined();
    expect(asked).not.toContain('list');
  });

  test('leave what the policy says itself', async () => {
    const invalidationPolicy = { strategy: 'delete', maxDeletes: 10 } as const;
    const { reason } = await told({ Post: { maxDeletes: 0 } }, { invalidationPolicy });
    expect(reason).toBeUndefined();
  });
});

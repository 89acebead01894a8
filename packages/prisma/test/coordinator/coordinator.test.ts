import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { isBoostError } from '@boost/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { READS, WRITES } from '../matrix/operations.js';
import { answer, answers, expectSame } from '../matrix/run.js';
import { clear, seed } from '../support/rows.js';
import { openCoordinator, pass, QUIET_MS, type Binding, type Isolate } from './support.js';

const ONE = { where: { id: 1 } } as const;
const PUBLIC = 'epoch-public-0';
const UNREACHABLE = (): never => {
  throw new Error('the network is down');
};

afterEach(() => {
  vi.useRealTimers();
});

describe.each<Binding>(['EPOCH_COORDINATOR', 'PLAIN_COORDINATOR'])('%s', (binding) => {
  type Opened = Awaited<ReturnType<typeof openCoordinator>>;
  let opened: Opened;
  let here: Isolate;
  let there: Isolate;

  beforeEach(async () => {
    opened = await openCoordinator(binding, [PUBLIC, 'epoch-acme', 'epoch-beta']);
    here = opened.isolate();
    there = opened.isolate();
  });

  const strong = { consistency: 'strong' } as const;

  test('every read is answered from the cache the second time, also in a fresh isolate', async () => {
    const { plain, client } = opened;
    const expected = await answers(plain, READS);
    const { prisma } = client(here);
    await answers(prisma, READS);
    await prisma.$cleanup();
    for (const isolate of [here, there]) {
      const { prisma: reader, sent } = client(isolate);
      for (const [title, read] of Object.entries(READS)) {
        expectSame(await answer(reader, read), expected[title], title);
      }
      expect(sent()).toBe(0);
    }
    expect(there.calls.length).toBeLessThanOrEqual(2);
  });

  test('own writes: at once for the client, in another isolate with the ticket', async () => {
    const { client } = opened;
    const title = async ({ prisma }: ReturnType<Opened['client']>): Promise<string> =>
      (await prisma.post.findUniqueOrThrow(ONE)).title;
    const elsewhere = client(there);
    await title(elsewhere);
    await elsewhere.prisma.$cleanup();
    const writer = client(here);
    await writer.prisma.post.update({ ...ONE, data: { title: 'mine' } });
    expect(await title(writer)).toBe('mine');
    const ticket = writer.prisma.$session.ticket();
    expect(await title(client(there, { session: { ticket } }))).toBe('mine');
  });

  test('others see a write after maxStalenessMs at the latest', async () => {
    const { client } = opened;
    const reader = client(there).prisma;
    await reader.post.findUniqueOrThrow(ONE);
    await reader.$cleanup();
    await client(here).prisma.post.update({ ...ONE, data: { title: 'new' } });
    pass(5_001);
    const later = client(there).prisma;
    expect((await later.post.findUniqueOrThrow(ONE)).title).toBe('new');
  });

  test.each<
    [string, { readonly where?: { readonly title: string }; readonly cacheStrategy?: false }]
  >([
    ['a miss', { where: { title: 'seen first' } }],
    ['a read that passes the cache by', { cacheStrategy: false }],
  ])(
    'monotonic reads across queries: after %s shows a write, none goes back behind it',
    async (_, how) => {
      const { client } = opened;
      const warm = client(there).prisma;
      await warm.post.findUniqueOrThrow(ONE);
      await warm.$cleanup();
      // The database has committed; that it has is not told yet.
      here.fault = (method) => {
        if (method === 'commit') UNREACHABLE();
      };
      const writer = client(here, { onError: () => undefined }).prisma;
      await writer.post.update({ ...ONE, data: { title: 'seen first' } });
      const reader = client(there).prisma;
      const other = client(there).prisma;
      expect((await other.post.findUniqueOrThrow(ONE)).title).toBe('ann 1');
      const shown = (await reader.post.findMany(how)) as readonly {
        readonly title: string;
      }[];
      expect(shown.map(({ title }) => title)).toContain('seen first');
      expect((await reader.post.findUniqueOrThrow(ONE)).title).toBe('seen first');
    },
  );

  test('strong reads are answered from the cache, and never with what was there before an acknowledged write', async () => {
    const { client } = opened;
    const writer = client(here, strong).prisma;
    for (let round = 0; round < 5; round++) {
      const warm = client(there, strong);
      await warm.prisma.post.findMany({ include: { comments: true } });
      await warm.prisma.$cleanup();
      warm.sent();
      await warm.prisma.post.findMany({ include: { comments: true } });
      expect(warm.sent()).toBe(0);
      const content = `round ${String(round)}`;
      await writer.comment.update({ ...ONE, data: { content } });
      const posts = await client(there, strong).prisma.post.findMany({
        include: { comments: true },
      });
      expect(posts.flatMap(({ comments }) => comments.map((row) => row.content))).toContain(
        content,
      );
    }
  });

  test('a write to one row leaves the others in the cache', async () => {
    const { client } = opened;
    const reader = client(there, strong);
    await reader.prisma.post.findUnique({ where: { id: 2 } });
    await reader.prisma.$cleanup();
    reader.sent();
    await client(here).prisma.post.update({ ...ONE, data: { title: 'other' } });
    await reader.prisma.post.findUnique({ where: { id: 2 } });
    expect(reader.sent()).toBe(0);
  });

  test('tenants: a write of one leaves the entries of the other; one without tenant reaches both', async () => {
    const { client } = opened;
    const of = (tenantId: string | null, isolate: Isolate) =>
      client(isolate, { ...strong, getPrivateContext: () => ({ tenantId }) });
    const [acme, beta] = [of('acme', here), of('beta', there)];
    const read = async (): Promise<readonly number[]> => {
      const sent = [];
      for (const each of [acme, beta]) {
        each.sent();
        await each.prisma.post.findMany();
        sent.push(each.sent());
        await each.prisma.$cleanup();
      }
      return sent;
    };
    await read();
    expect(await read()).toEqual([0, 0]);
    await of('acme', there).prisma.post.update({ ...ONE, data: { title: 'of acme' } });
    expect(await read()).toEqual([1, 0]);
    await of(null, here).prisma.post.update({ ...ONE, data: { title: 'of all' } });
    expect(await read()).toEqual([1, 1]);
    expect(here.calls.some(({ name }) => name === 'epoch-beta')).toBe(false);
  });

  test('crossTenant: false: each tenant asks its own object alone, and a write without tenant never reaches the database', async () => {
    const { client, plain } = opened;
    const of = (tenantId: string | null, isolate: Isolate) =>
      client(isolate, {
        coordinator: { namespace: isolate.namespace, crossTenant: false },
        getPrivateContext: () => ({ tenantId }),
      });
    const [acme, beta] = [of('acme', here), of('beta', here)];
    for (const each of [acme, beta]) {
      await each.prisma.post.findMany();
      await each.prisma.$cleanup();
      each.sent();
      await each.prisma.post.findMany();
      expect(each.sent()).toBe(0);
    }
    await of('acme', here).prisma.post.update({ ...ONE, data: { title: 'of acme' } });
    expect((await acme.prisma.post.findUniqueOrThrow(ONE)).title).toBe('of acme');
    expect(new Set(here.calls.map(({ name }) => name))).toEqual(
      new Set(['epoch-acme', 'epoch-beta']),
    );
    const none = of(null, there);
    expect((await none.prisma.post.findUniqueOrThrow(ONE)).title).toBe('of acme');
    await expect(none.prisma.post.update({ ...ONE, data: { title: 'of all' } })).rejects.toSatisfy(
      (error) => isBoostError(error, 'BOOST_WRITE_UNFENCED'),
    );
    expect((await plain.post.findUniqueOrThrow(ONE)).title).toBe('of acme');
    expect(there.calls).toEqual([]);
  });

  test('crash between commit and bump: strong readers ask the database until the deadline, then fill again', async () => {
    const { client } = opened;
    const reader = client(there, strong);
    const title = async (): Promise<string> =>
      (await reader.prisma.post.findUniqueOrThrow(ONE)).title;
    await title();
    await reader.prisma.$cleanup();
    here.fault = (method) => {
      // The isolate is gone: nothing of it arrives any more.
      if (method !== 'begin' && method !== 'sync') UNREACHABLE();
    };
    await client(here, { ...strong, onError: () => undefined }).prisma.post.update({
      ...ONE,
      data: { title: 'committed' },
    });
    reader.sent();
    for (let read = 0; read < 3; read++) expect(await title()).toBe('committed');
    expect(reader.sent()).toBe(3);
    pass(QUIET_MS);
    await runDurableObjectAlarm(opened.object(PUBLIC));
    expect(await title()).toBe('committed');
    await reader.prisma.$cleanup();
    reader.sent();
    expect(await title()).toBe('committed');
    expect(reader.sent()).toBe(0);
  });

  test('late commit after the alarm: what was filled in between falls', async () => {
    const { client } = opened;
    const reader = client(there, strong);
    const title = async (): Promise<string> =>
      (await reader.prisma.post.findUniqueOrThrow(ONE)).title;
    // The database takes longer than the announcement is kept.
    here.fault = async (method) => {
      if (method !== 'commit') return;
      here.fault = undefined;
      pass(QUIET_MS);
      await runDurableObjectAlarm(opened.object(PUBLIC));
      await opened.plain.post.update({ ...ONE, data: { title: 'as it was' } });
      expect(await title()).toBe('as it was');
      await reader.prisma.$cleanup();
      await opened.plain.post.update({ ...ONE, data: { title: 'late' } });
    };
    await client(here).prisma.post.update({ ...ONE, data: { title: 'late' } });
    expect(await title()).toBe('late');
  });

  test('incarnation loss: the database answers until no lost write can be under way, then it is cached anew', async () => {
    const { client } = opened;
    const reader = client(there, strong);
    await reader.prisma.post.findUniqueOrThrow(ONE);
    await reader.prisma.$cleanup();
    const object = opened.object(PUBLIC);
    await runInDurableObject(object, (_, { storage }) => storage.deleteAll());
    await evictDurableObject(object);
    reader.sent();
    for (let read = 0; read < 3; read++) {
      await reader.prisma.post.findUniqueOrThrow(ONE);
      await reader.prisma.$cleanup();
    }
    expect(reader.sent()).toBe(3);
    pass(QUIET_MS);
    await reader.prisma.post.findUniqueOrThrow(ONE);
    await reader.prisma.$cleanup();
    await reader.prisma.post.findUniqueOrThrow(ONE);
    expect(reader.sent()).toBe(1);
  });

  test('unreachable, strong: reads ask the database, writes fail before it is asked', async () => {
    const { client, plain } = opened;
    const errors: string[] = [];
    const { prisma } = client(here, {
      ...strong,
      onError: (_, operation) => void errors.push(operation),
    });
    here.fault = UNREACHABLE;
    expect(await prisma.post.findUniqueOrThrow(ONE)).toStrictEqual(
      await plain.post.findUniqueOrThrow(ONE),
    );
    const failure: unknown = await prisma.post
      .update({ ...ONE, data: { title: 'never' } })
      .catch((error: unknown) => error);
    expect(isBoostError(failure, 'BOOST_WRITE_UNFENCED')).toBe(true);
    expect((await plain.post.findUniqueOrThrow(ONE)).title).toBe('ann 1');
    expect(errors).toContain('epoch');
    here.fault = undefined;
    pass(1_001);
    await prisma.post.update({ ...ONE, data: { title: 'now' } });
    expect((await prisma.post.findUniqueOrThrow(ONE)).title).toBe('now');
  });

  test('unreachable, session: writes go on and are told later, the result says incomplete', async () => {
    const { client } = opened;
    const told: boolean[] = [];
    const onInvalidate = (_: string, { incomplete }: { readonly incomplete: boolean }): void =>
      void told.push(incomplete);
    const { prisma } = client(here, { onInvalidate, onError: () => undefined });
    await prisma.post.findUniqueOrThrow(ONE);
    await prisma.$cleanup();
    here.fault = UNREACHABLE;
    await prisma.post.update({ ...ONE, data: { title: 'unfenced' } });
    expect(told).toEqual([true]);
    expect((await prisma.post.findUniqueOrThrow(ONE)).title).toBe('unfenced');
    here.fault = undefined;
    pass(5_001);
    await prisma.$cleanup();
    const elsewhere = client(there, strong).prisma;
    expect((await elsewhere.post.findUniqueOrThrow(ONE)).title).toBe('unfenced');
  });

  test('a single strong query where the options have none asks the database', async () => {
    const { prisma, sent } = opened.client(here);
    const query = { ...ONE, cacheStrategy: { consistency: 'strong' } } as const;
    await prisma.post.findUnique(query);
    await prisma.$cleanup();
    sent();
    await prisma.post.findUnique(query);
    expect(sent()).toBe(1);
  });

  test('$invalidateCache reaches other isolates', async () => {
    const { client } = opened;
    const reader = client(there, strong);
    await reader.prisma.post.findMany();
    await reader.prisma.$cleanup();
    reader.sent();
    await client(here).prisma.$invalidateCache('Post');
    await reader.prisma.post.findMany();
    expect(reader.sent()).toBe(1);
  });
});

test('no write leaves anything stale for strong readers elsewhere', async () => {
  const { plain, client, isolate } = await openCoordinator('EPOCH_COORDINATOR');
  const [here, there] = [isolate(), isolate()];
  for (const [title, write] of Object.entries(WRITES)) {
    await clear(plain);
    await seed(plain);
    const own = { version: title, consistency: 'strong' } as const;
    const reader = client(there, own).prisma;
    await answers(reader, READS);
    await reader.$cleanup();
    expect(await answer(client(here, own).prisma, write), title).not.toHaveProperty('code');
    expectSame(await answers(client(there, own).prisma, READS), await answers(plain, READS), title);
  }
}, 120_000);

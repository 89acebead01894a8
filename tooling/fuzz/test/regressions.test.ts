import { expect, test } from 'vitest';
import { replayCase, write } from '../src/index.ts';

const LIBSQL = { database: 'libsql', granularity: 'field' } as const;

test('a partition that is folded into its model keeps its key: rows move between partitions', async () => {
  const found = await replayCase(
    {
      ...LIBSQL,
      schema: 'blog',
      settings: {
        limits: { maxScopes: 20, maxBulkRows: 150, maxParameters: 30_000 },
        options: {},
      },
      history: [
        write('User', 'create', { data: { id: 1, email: 'k5' } }),
        write('User', 'create', { data: { id: 5, email: 'k6' } }),
        write('Post', 'create', { data: { id: 1, title: 'b', authorId: 1 } }),
        write('Comment', 'create', { data: { id: 5, text: 'a', postId: 1 } }),
        write('Post', 'create', { data: { id: 7, title: 'b', authorId: 1 } }),
      ],
      read: {
        model: 'Post',
        action: 'findUnique',
        args: { where: { id: 7 }, select: { author: true, _count: true } },
      },
      ops: [
        write('Comment', 'update', { where: { id: 5 }, data: { post: { connect: { id: 7 } } } }),
      ],
    },
    'stale',
  );
  expect(found).toBeUndefined();
});

test('an upsert that moves its own key returns no row, and bumps what it may have changed', async () => {
  const found = await replayCase(
    {
      ...LIBSQL,
      schema: 'keys',
      history: [
        write('Tenant', 'create', { data: { id: 1, slug: 'k2' } }),
        write('Status', 'create', { data: { id: 3, label: 'k4' } }),
        write('Order', 'create', { data: { tenantId: 1, serial: 8, statusId: 3 } }),
      ],
      read: { model: 'Status', action: 'findMany', args: { include: { orders: true } } },
      ops: [
        write('Order', 'upsert', {
          where: { tenantId_serial: { tenantId: 1, serial: 8 } },
          create: { tenantId: 6, serial: 2 },
          update: { tenant: { update: { id: 5 } } },
        }),
      ],
    },
    'stale',
  );
  expect(found).toBeUndefined();
});

test('an upsert whose result is an empty list bumps what it may have changed', async () => {
  const found = await replayCase(
    {
      ...LIBSQL,
      schema: 'graph',
      history: [
        write('Person', 'create', { data: { id: 7, name: 'a' } }),
        write('Person', 'create', { data: { id: 2, name: 'a' } }),
        write('Desk', 'create', { data: { id: 0, room: 'a', personId: 7, lamp: { create: {} } } }),
      ],
      read: { model: 'Desk', action: 'findMany', args: {} },
      ops: [
        write('Lamp', 'upsert', {
          where: { deskId: 0 },
          create: { deskId: 0 },
          update: {
            desk: {
              connectOrCreate: { where: { id: 3 }, create: { id: 3, room: 'Ab', personId: 2 } },
            },
          },
        }),
      ],
    },
    'stale',
  );
  expect(found).toBeUndefined();
});

test('isNot matches a row whose null becomes a value', async () => {
  const found = await replayCase(
    {
      ...LIBSQL,
      schema: 'graph',
      history: [
        write('Person', 'create', { data: { id: 5, name: 'a' } }),
        write('Person', 'create', { data: { id: 4, name: 'a' } }),
        write('Lamp', 'create', {
          data: { desk: { create: { id: 2, room: 'a', personId: 4 } } },
        }),
      ],
      read: {
        model: 'Lamp',
        action: 'findMany',
        args: { where: { desk: { person: { isNot: { bossId: { equals: 8 } } } } } },
      },
      ops: [write('Person', 'update', { where: { id: 4 }, data: { bossId: 5 } })],
    },
    'stale',
  );
  expect(found).toBeUndefined();
});

test('an entry does not outlive the partitions that its rows were in when it was stored', async () => {
  const found = await replayCase(
    {
      ...LIBSQL,
      schema: 'blog',
      history: [
        write('User', 'create', { data: { id: 1, email: 'k1' } }),
        write('Post', 'create', { data: { id: 1, title: 'a', authorId: 1 } }),
        write('Post', 'create', { data: { id: 2, title: 'a', authorId: 1 } }),
        write('Comment', 'create', { data: { id: 3, text: 'a', postId: 2 } }),
      ],
      read: {
        model: 'Comment',
        action: 'findUnique',
        args: { where: { id: 3 }, select: { id: true } },
      },
      ops: [
        write('Comment', 'update', { where: { id: 3 }, data: { postId: 1 } }),
        write('Post', 'delete', { where: { id: 1 } }),
      ],
    },
    'stale',
  );
  expect(found).toBeUndefined();
});

test('an update of many that sets nothing counts as Prisma counts', async () => {
  const found = await replayCase(
    {
      ...LIBSQL,
      schema: 'blog',
      history: [write('User', 'create', { data: { id: 3, email: 'k2' } })],
      ops: [write('User', 'updateMany', { data: {} })],
    },
    'effect',
  );
  expect(found).toBeUndefined();
});

test('where Prisma emulates referential actions, a refused update has moved the rows that refer to its own', async () => {
  const website = 'abcdef00-0000-4000-8000-000000000001';
  const other = 'abcdef00-0000-4000-8000-000000000003';
  const found = await replayCase(
    {
      schema: 'umami',
      database: 'postgres',
      granularity: 'field',
      history: [
        write('Website', 'create', { data: { id: website, name: 'a' } }),
        write('Website', 'create', { data: { id: other, name: 'b' } }),
        write('SessionReplay', 'create', {
          data: {
            id: 'abcdef00-0000-4000-8000-000000000005',
            websiteId: website,
            sessionId: 'abcdef00-0000-4000-8000-000000000002',
            visitId: 'abcdef00-0000-4000-8000-000000000002',
            chunkIndex: 0,
            events: Uint8Array.from([2, 255]),
            eventCount: 2,
            startedAt: new Date('2024-01-01T00:00:00.000Z'),
            endedAt: new Date('2024-01-01T00:00:00.000Z'),
          },
        }),
      ],
      ops: [write('Website', 'update', { where: { id: website }, data: { id: other } })],
      read: {
        model: 'Website',
        action: 'findMany',
        args: { select: { id: true, sessionReplays: true } },
      },
      cache: { authority: 'memory' },
    },
    'cached',
  );
  expect(found).toBeUndefined();
});

test('a select that chooses nothing is refused as Prisma refuses it', async () => {
  const found = await replayCase(
    {
      ...LIBSQL,
      schema: 'blog',
      history: [],
      ops: [],
      read: { model: 'User', action: 'findMany', args: { select: {} } },
    },
    'shape',
  );
  expect(found).toBeUndefined();
});

test('of two relations that share a field of their keys, neither tells which row the other one made', async () => {
  const found = await replayCase(
    {
      ...LIBSQL,
      granularity: 'row',
      schema: 'keys',
      history: [
        write('Tenant', 'create', { data: { id: 2, slug: 'k2' } }),
        write('Status', 'create', { data: { id: 2, label: 'k4' } }),
      ],
      read: {
        model: 'Tenant',
        action: 'findUnique',
        args: { where: { id: 7 }, select: { slug: true } },
      },
      ops: [
        write('Order', 'create', {
          data: {
            serial: 2,
            tenant: { create: { id: 7, slug: 'k3' } },
            member: {
              connectOrCreate: {
                where: { code: 'k7' },
                create: { tenantId: 2, number: 8, code: 'k7' },
              },
            },
            status: { connect: { id: 2 } },
          },
        }),
      ],
    },
    'stale',
  );
  expect(found).toBeUndefined();
});

test('a nested write reaches the row that the key led to when Prisma read it, not where it leads afterwards', async () => {
  for (const step of [1, 2, 3]) {
    const found = await replayCase(
      {
        database: 'autocommit',
        granularity: 'field',
        schema: 'blog',
        history: [
          write('User', 'create', { data: { id: 1, email: 'k5' } }),
          write('User', 'create', { data: { id: 2, email: 'k6' } }),
          write('Post', 'create', { data: { id: 1, title: 'b', authorId: 1 } }),
        ],
        read: { model: 'User', action: 'findUnique', args: { where: { id: 1 } } },
        ops: [
          {
            kind: 'duel',
            steps: 'statements',
            step,
            operation: {
              model: 'Post',
              action: 'update',
              args: { where: { id: 1 }, data: { author: { update: { name: 'x' } } } },
            },
            other: {
              model: 'Post',
              action: 'update',
              args: { where: { id: 1 }, data: { authorId: 2 } },
            },
          },
        ],
      },
      'stale',
    );
    expect(found).toBeUndefined();
  }
});

test('of a relation that an update both connects and creates, neither tells the key alone', async () => {
  const found = await replayCase(
    {
      database: 'libsql',
      granularity: 'field',
      schema: 'keys',
      history: [
        write('Tenant', 'create', { data: { id: 1, slug: 'a' } }),
        write('Status', 'create', { data: { id: 1, label: 'a' } }),
        write('Order', 'create', { data: { tenantId: 1, serial: 6 } }),
      ],
      read: { model: 'Order', action: 'findMany', args: { where: { tenantId: 4 } } },
      ops: [
        write('Order', 'upsert', {
          where: { tenantId_serial: { tenantId: 1, serial: 6 } },
          create: { tenantId: 1, serial: 4 },
          update: { tenant: { connect: { id: 1 }, create: { id: 4, slug: 'b' } } },
        }),
      ],
    },
    'unfenced',
  );
  expect(found).toBeUndefined();
});

test('a nested deleteMany takes rows of other parents with it where their keys combine', async () => {
  const found = await replayCase(
    {
      database: 'libsql',
      granularity: 'field',
      schema: 'keys',
      history: [
        write('Tenant', 'createMany', { data: [1, 2].map((id) => ({ id, slug: `${id}` })) }),
        write('Status', 'createMany', { data: [1, 2].map((id) => ({ id, label: `${id}` })) }),
        write('Order', 'create', { data: { tenantId: 1, serial: 1 } }),
        write('Order', 'create', { data: { tenantId: 2, serial: 2 } }),
        write('Order', 'create', { data: { tenantId: 1, serial: 2, statusId: 2 } }),
      ],
      read: { model: 'Order', action: 'findMany', args: { where: { statusId: 2 } } },
      ops: [write('Status', 'update', { where: { id: 1 }, data: { orders: { deleteMany: {} } } })],
    },
    'stale',
  );
  expect(found).toBeUndefined();
});

test('a cascade that Prisma performs takes rows of other parents with it where their keys combine', async () => {
  const found = await replayCase(
    {
      database: 'libsql',
      granularity: 'field',
      schema: 'emulated',
      history: [
        write('Status', 'createMany', { data: [1, 2].map((id) => ({ id, label: `${id}` })) }),
        write('Order', 'create', { data: { region: 1, serial: 1, statusId: 1 } }),
        write('Order', 'create', { data: { region: 2, serial: 2, statusId: 1 } }),
        write('Order', 'create', { data: { region: 1, serial: 2, statusId: 2 } }),
      ],
      read: { model: 'Order', action: 'findMany', args: { where: { statusId: 2 } } },
      ops: [write('Status', 'delete', { where: { id: 1 } })],
    },
    'stale',
  );
  expect(found).toBeUndefined();
});

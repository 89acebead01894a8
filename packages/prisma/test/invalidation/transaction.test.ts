import { describe, expect, test } from 'vitest';
import type { InvalidationPolicy, InvalidationResult } from '../../src/index.js';
import { libsql } from '../support/page.js';
import { warm, type Harness, type Reads } from './harness.js';

const READS: Reads = {
  'user 1': (client) => client.user.findUnique({ where: { id: 1 } }),
  'orders of user 1': (client) => client.order.findMany({ where: { userId: 1 } }),
  'user 2': (client) => client.user.findUnique({ where: { id: 2 } }),
};

function transactions({ name, open }: Harness): void {
  async function prepared(invalidationPolicy: InvalidationPolicy = {}) {
    const opened = await open();
    const told: [string, InvalidationResult][] = [];
    const own = { accountTier: 'pro', invalidationPolicy } as const;
    const reader = opened.cached(own);
    await warm(reader, opened.sent, READS);
    const prisma = opened.cached({
      ...own,
      onInvalidate: (model, result) => told.push([model, result]),
    });
    return { ...opened, reader, prisma, told };
  }

  describe(`${name}: transaction awareness`, () => {
    test('reads inside bypass the cache; after the commit, reads see the committed state', async () => {
      const { prisma, reader, told, entries } = await prepared();
      await prisma.$transaction(async (tx) => {
        await tx.user.update({ where: { id: 1 }, data: { balance: 100 } });
        await tx.order.create({ data: { userId: 1, total: 50 } });
        const user = await tx.user.findUnique({ where: { id: 1 } });
        expect(user).toMatchObject({ balance: 100 });
        expect(told).toEqual([]);
      });
      expect(told.map(([model]) => model)).toEqual(['User', 'Order']);
      const names = told.flatMap(([, { affected }]) => affected.map((row) => row.name));
      expect(names).toEqual(expect.arrayContaining(['User:1', 'Order:2']));
      const user = await prisma.user.findUnique({ where: { id: 1 } });
      expect(user).toMatchObject({ balance: 100 });
      expect(await reader.order.findMany({ where: { userId: 1 } })).toHaveLength(2);
      expect(await entries()).toMatchObject({ User: 2 });
    });

    test('a rollback invalidates nothing, and nothing is told', async () => {
      const { prisma, reader, told, sent } = await prepared();
      const failure = new Error('the caller changed its mind');
      const rolledBack = prisma.$transaction(async (tx) => {
        await tx.user.update({ where: { id: 1 }, data: { balance: 100 } });
        throw failure;
      });
      await expect(rolledBack).rejects.toBe(failure);
      expect(told).toEqual([]);
      sent();
      for (const read of Object.values(READS)) await read(reader);
      expect(sent()).toBe(0);
    });

    test('entries are deleted after the commit, and none at a rollback', async () => {
      const { prisma, entries, told } = await prepared({ strategy: 'delete' });
      const before = await entries();
      const rolledBack = prisma.$transaction(async (tx) => {
        await tx.user.update({ where: { id: 1 }, data: { balance: 100 } });
        throw new Error('no');
      });
      await expect(rolledBack).rejects.toThrow('no');
      await prisma.$cleanup();
      expect(await entries()).toEqual(before);
      await prisma.$transaction(async (tx) => {
        await tx.user.update({ where: { id: 1 }, data: { balance: 100 } });
        expect(await entries()).toEqual(before);
      });
      await prisma.$cleanup();
      expect(await entries()).toEqual({ ...before, User: 1 });
      expect(told.map(([, { deleted }]) => deleted)).toEqual([1]);
    });

    test('why a write inside was invalidated coarsely is told with the commit', async () => {
      const { prisma, told } = await prepared();
      await prisma.$transaction(async (tx) => {
        await tx.order.deleteMany({ where: { userId: 1 }, limit: 1 });
      });
      expect(told).toMatchObject([['Order', { details: { fallbackReason: 'blind' } }]]);
    });

    test('$explain inside reads what the transaction sees', async () => {
      const { prisma } = await prepared();
      await prisma.$transaction(async (tx) => {
        await tx.comment.update({ where: { id: 99 }, data: { postId: 44 } });
        const { affected } = await (tx as unknown as typeof prisma).$explain({
          model: 'Comment',
          action: 'update',
          args: { where: { id: 99 }, data: { postId: 43 } },
        });
        expect(affected?.map((row) => row.name)).toEqual(['Comment:99', 'Post:44', 'Post:43']);
      });
    });
  });
}

transactions(libsql('row'));
transactions(libsql('field'));

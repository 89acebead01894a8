import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test, vi } from 'vitest';
import type { PrivateContext } from '../src/index.js';
import { cached, openSqlite, seed } from './support/sqlite.js';
import { memoryStore } from './support/store.js';

async function prepared(own: Parameters<typeof cached>[1] = {}) {
  const opened = await openSqlite();
  await seed(opened.plain);
  const current = new AsyncLocalStorage<PrivateContext | null>();
  const getPrivateContext = vi.fn(() => current.getStore());
  const prisma = cached(opened.base, { getPrivateContext, accountTier: 'pro', ...own });
  /** Whether the read asked the database. */
  const asks = async (read: () => PromiseLike<unknown>): Promise<boolean> => {
    opened.sent();
    await read();
    await prisma.$cleanup();
    return opened.sent() > 0;
  };
  return { ...opened, current, getPrivateContext, prisma, asks };
}

describe('tenants and users', () => {
  test('each tenant has entries of its own, and its own invalidations', async () => {
    const { current, prisma, asks } = await prepared();
    const read = (tenantId: string) => () =>
      current.run({ tenantId }, async () => prisma.post.findMany());
    expect(await asks(read('a'))).toBe(true);
    expect(await asks(read('a'))).toBe(false);
    expect(await asks(read('b'))).toBe(true);
    expect(await asks(read('b'))).toBe(false);
    await current.run({ tenantId: 'a' }, async () =>
      prisma.post.update({ where: { id: 1 }, data: { title: 'of a' } }),
    );
    expect(await asks(read('a'))).toBe(true);
    await current.run({ tenantId: 'a' }, async () => prisma.$invalidateCache());
    expect(await asks(read('b'))).toBe(false);
    expect(await asks(read('a'))).toBe(true);
  });

  test('users of a tenant have entries of their own, unless every model read is shared', async () => {
    const { current, prisma, asks } = await prepared({ models: { Tag: { shared: true } } });
    const as = (userId: string, read: () => PromiseLike<unknown>) => () =>
      current.run({ tenantId: 'a', userId }, async () => read());
    expect(await asks(as('1', () => prisma.post.findMany()))).toBe(true);
    expect(await asks(as('2', () => prisma.post.findMany()))).toBe(true);
    expect(await asks(as('2', () => prisma.post.findMany()))).toBe(false);
    expect(await asks(as('1', () => prisma.tag.findMany()))).toBe(true);
    expect(await asks(as('2', () => prisma.tag.findMany()))).toBe(false);
  });

  test('without a tenant nothing is cached; "no tenant" is said explicitly', async () => {
    const { current, prisma, asks } = await prepared();
    const read = (context: PrivateContext | null) => () =>
      current.run(context, async () => prisma.post.findMany());
    for (const context of [null, {}, { userId: '1' }, { tenantId: undefined as never }]) {
      await asks(read(context));
      expect(await asks(read(context))).toBe(true);
    }
    await asks(() => prisma.post.findMany());
    expect(await asks(() => prisma.post.findMany())).toBe(true);
    await asks(read({ tenantId: null }));
    expect(await asks(read({ tenantId: null }))).toBe(false);
  });

  test('a write without a tenant reaches the readers of every tenant', async () => {
    const { current, prisma } = await prepared();
    const titles = (tenantId: string | null) =>
      current.run({ tenantId }, async () =>
        (await prisma.post.findMany()).map(({ title }) => title),
      );
    for (const tenant of ['a', 'b', null]) await titles(tenant);
    await prisma.$cleanup();
    await prisma.post.update({ where: { id: 1 }, data: { title: 'for all' } });
    for (const tenant of ['a', 'b', null]) expect(await titles(tenant)).toContain('for all');
  });

  test('Tenant ID is reserved word: rejected with an error, before the database is asked', async () => {
    const { current, prisma, sent } = await prepared();
    for (const tenantId of ['public', 'public-0', 'undefined', '', '\ud800']) {
      sent();
      const code = tenantId === '' || tenantId === '\ud800' ? 'INVALID' : 'RESERVED';
      const expected = { code: `BOOST_TENANT_${code}` };
      const inTenant = (run: () => PromiseLike<unknown>) =>
        current.run({ tenantId }, async () => run());
      await expect(inTenant(() => prisma.post.findMany())).rejects.toMatchObject(expected);
      const write = inTenant(() => prisma.tag.create({ data: { label: 'never' } }));
      await expect(write).rejects.toMatchObject(expected);
      expect(sent()).toBe(0);
    }
  });

  test('tenant id injection: ids that look like parts of a key are ids', async () => {
    const { current, prisma, asks } = await prepared();
    const ids = [
      'a',
      'a:b',
      'a:',
      ':a',
      'A',
      'a\u0301',
      '\u00e1',
      '__proto__',
      'constructor',
      '*',
      'x'.repeat(10_000),
    ];
    const read = (tenantId: string) => () =>
      current.run({ tenantId }, async () => prisma.post.findMany());
    for (const id of ids) expect(await asks(read(id))).toBe(true);
    for (const id of ids) expect(await asks(read(id))).toBe(false);
  });
});

describe('when the context is asked for', () => {
  test('a lazily awaited promise has the context in which it was made', async () => {
    const { current, prisma, asks } = await prepared();
    const read = () => current.run({ tenantId: 'a' }, () => prisma.post.findMany());
    expect(
      await asks(() => current.run({ tenantId: 'a' }, async () => prisma.post.findMany())),
    ).toBe(true);
    // Prisma runs the query when it is awaited, which is outside of `run`.
    expect(await asks(read)).toBe(false);
    const write = current.run(
      { tenantId: 'a' },
      () => prisma.$executeRaw`UPDATE "Post" SET "title" = 'lazy' WHERE "id" = 1`,
    );
    await current.run({ tenantId: 'b' }, async () => write);
    expect(await asks(read)).toBe(true);
  });

  test('it is asked once for each operation', async () => {
    const { current, prisma, getPrivateContext } = await prepared();
    await current.run({ tenantId: 'a' }, async () => {
      await prisma.post.findMany();
      await prisma.post.findMany();
      await prisma.post.update({ where: { id: 1 }, data: { authorId: 2 } });
      await prisma.$queryRaw`SELECT 1`;
    });
    expect(getPrivateContext).toHaveBeenCalledTimes(4);
  });

  test('what it throws reaches the caller of the operation, and nobody else', async () => {
    const { base, sent } = await prepared();
    const failure = new Error('no session');
    let fails = true;
    const prisma = cached(base, {
      getPrivateContext: () => {
        if (fails) throw failure;
        return { tenantId: 'a' };
      },
    });
    sent();
    const read = prisma.post.findMany();
    const write = prisma.tag.create({ data: { label: 'never' } });
    await expect(read).rejects.toBe(failure);
    await expect(write).rejects.toBe(failure);
    expect(sent()).toBe(0);
    fails = false;
    expect(await prisma.post.findMany()).toHaveLength(4);
  });

  test('inside a transaction it is asked where the operation runs', async () => {
    const { current, prisma, asks } = await prepared();
    const read = () => current.run({ tenantId: 'a' }, async () => prisma.post.findMany());
    await asks(read);
    await current.run({ tenantId: 'a' }, async () =>
      prisma.$transaction(async (tx) => {
        await tx.post.update({ where: { id: 1 }, data: { title: 'in a transaction' } });
      }),
    );
    expect(await asks(read)).toBe(true);
  });
});

describe('sessions', () => {
  test('a ticket is text, and continues a session', async () => {
    const { base } = await openSqlite();
    const adapter = memoryStore();
    const first = cached(base, { adapter });
    const ticket = first.$session.ticket();
    expect(ticket).toMatch(/^[\x20-\x7e]*$/);
    const second = cached(base, { adapter, session: { ticket } });
    expect(second.$session.ticket()).toBeTypeOf('string');
    const forged = cached(base, { adapter, session: { ticket: 'no ticket at all' } });
    expect(await forged.post.count()).toBe(0);
  });
});

import { describe, expect, test } from 'vitest';
import { cached, openSqlite, seed } from './support/sqlite.js';
import { sharedStore } from './support/store.js';

async function prepared(own: Parameters<typeof cached>[1] = {}) {
  const opened = await openSqlite();
  await seed(opened.plain);
  const adapter = sharedStore();
  const prisma = cached(opened.base, { adapter, ...own });
  const entries = async () => (await adapter.list('')).keys;
  return { ...opened, prisma, entries };
}

const meanings = ({ scopes }: { readonly scopes: readonly { readonly meaning: string }[] }) =>
  scopes.map(({ meaning }) => meaning);

describe('$explain', () => {
  test('of a read: the key of its entry, what it depends on, and why', async () => {
    const { prisma, sent, entries } = await prepared();
    const args = { where: { published: true }, include: { comments: true } };
    sent();
    const explained = await prisma.$explain({ model: 'Post', action: 'findMany', args });
    expect(sent()).toBe(0);
    expect(explained).toMatchObject({ kind: 'read' });
    expect(explained).not.toHaveProperty('reason');
    expect(explained.scopes.map(({ scope }) => scope).sort()).toEqual(['*', 'Comment!', 'Post!']);
    expect(meanings(explained)).toContain('everything of this tenant');
    await prisma.post.findMany(args);
    await prisma.$cleanup();
    expect((await entries()).filter((key) => key.includes(explained.key ?? '?'))).toHaveLength(1);
  });

  test('of two reads that mean the same: one key, whatever the cacheStrategy', async () => {
    const { prisma } = await prepared();
    const keyOf = async (args: object) =>
      (await prisma.$explain({ model: 'Post', action: 'findMany', args })).key;
    const key = await keyOf({ where: { id: 1, published: true } });
    expect(await keyOf({ where: { published: true, id: 1 } })).toBe(key);
    expect(await keyOf({ where: { id: 1, published: true }, cacheStrategy: { ttl: 5 } })).toBe(key);
    expect(await keyOf({ where: { id: 1, published: false } })).not.toBe(key);
  });

  test('of a write: what it would invalidate, cascades and join tables included; nothing is run', async () => {
    const { prisma, plain } = await prepared();
    const explained = await prisma.$explain({
      model: 'Post',
      action: 'delete',
      args: { where: { id: 1 } },
    });
    expect(explained).toMatchObject({ kind: 'write' });
    expect(explained).not.toHaveProperty('key');
    expect(explained.scopes.map(({ scope }) => scope).sort()).toEqual([
      'Comment!',
      'Like!',
      'Post!',
      '_PostToTag!',
    ]);
    expect(await plain.post.count()).toBe(4);
  });

  test('on the pro tier it names rows', async () => {
    const { prisma } = await prepared({ accountTier: 'pro' });
    const explained = await prisma.$explain({
      model: 'Post',
      action: 'findUnique',
      args: { where: { id: 1 }, select: { title: true } },
    });
    expect(meanings(explained).join()).toMatch(/Post (1|rows with id=1)/);
  });

  test('of what it does not know: an error with a code', async () => {
    const { prisma } = await prepared();
    const explain = (operation: object) => prisma.$explain(operation as never);
    await expect(explain({ model: 'Post', action: 'findAll' })).rejects.toMatchObject({
      code: 'BOOST_OPTION_INVALID',
    });
    await expect(explain({ model: 'Pots', action: 'findMany' })).rejects.toMatchObject({
      code: 'BOOST_MODEL_UNKNOWN',
    });
  });
});

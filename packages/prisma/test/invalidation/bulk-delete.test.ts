import { describe, expect, test } from 'vitest';
import type { InvalidationResult } from '../../src/index.js';
import {
  cacheConfig as postgresConfig,
  openPostgres,
  seedPostgres,
  usePostgres,
} from '../support/postgresql.js';
import { cached, openSqlite, seed, type Opened } from '../support/sqlite.js';

usePostgres();

const databases: [name: string, open: () => Promise<Opened>, most: number, own: object][] = [
  [
    'libSQL',
    async () => {
      const opened = await openSqlite();
      await seed(opened.plain);
      return opened;
    },
    // A statement of SQLite has 999 parameters; half of them name rows, by three fields each.
    166,
    {},
  ],
  [
    'PostgreSQL',
    async () => {
      const opened = await openPostgres();
      await seedPostgres(opened.plain);
      return opened;
    },
    600,
    { config: postgresConfig },
  ],
];

describe.each(databases)('%s: a bulk delete', (_, open, most, own) => {
  async function deleted(count: number): Promise<readonly (string | undefined)[]> {
    const { base, plain, sent } = await open();
    const data = Array.from({ length: count }, () => ({ content: 'spam', postId: 1 }));
    await plain.comment.createMany({ data });
    const results: InvalidationResult[] = [];
    const prisma = cached(base, {
      ...own,
      accountTier: 'pro',
      onInvalidate: (__, result) => results.push(result),
    });
    const other = { where: { id: 11 } } as const;
    await prisma.comment.findUnique(other);
    await prisma.$cleanup();
    const outcome = await prisma.comment.deleteMany({ where: { content: 'spam' } });
    expect(outcome).toEqual({ count });
    sent();
    expect(await prisma.comment.findUnique(other)).toMatchObject({ content: 'First' });
    const isKept = sent() === 0;
    const reason = results[0]?.details?.fallbackReason;
    expect(isKept).toBe(reason === undefined);
    return results.map(({ details }) => details?.fallbackReason);
  }

  test('within the budget leaves other rows alone', async () => {
    expect(await deleted(most)).toEqual([undefined]);
  });

  test('past the budget invalidates the model, and says why', async () => {
    expect(await deleted(most + 1)).toEqual(['row-budget']);
  });

  test('with a long list of its own deletes what it would without the cache', async () => {
    const { base, plain } = await open();
    const data = Array.from({ length: 100 }, (__, index) => ({
      content: 'x',
      postId: 1,
      id: 1_000 + index,
    }));
    await plain.comment.createMany({ data });
    const prisma = cached(base, { ...own, accountTier: 'pro' });
    const listed = Array.from({ length: 950 }, (__, index) => 1_000 + index);
    const where = { id: { in: listed }, content: 'x' };
    expect(await prisma.comment.deleteMany({ where })).toEqual({ count: 100 });
    expect(await plain.comment.count({ where: { id: { gte: 1_000 } } })).toBe(0);
  });
});

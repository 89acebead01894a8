import { makeTypedQueryFactory } from '@prisma/client/runtime/client';
import { describe, expect, test, vi } from 'vitest';
import { Prisma } from './generated/sqlite/client/client.js';
import { cacheConfig, openPostgres, seedPostgres, usePostgres } from './support/postgresql.js';
import { cached, openSqlite, seed, type Opened } from './support/sqlite.js';

usePostgres();

type Cached = ReturnType<typeof cached>;

function prepared(opened: Opened, own: Parameters<typeof cached>[1] = {}) {
  const prisma = cached(opened.base, own);
  const reads = {
    posts: () => prisma.post.findMany({ include: { tags: true } }),
    comments: () => prisma.comment.count(),
    tags: () => prisma.tag.findMany(),
  };
  const prime = async () => {
    for (const read of Object.values(reads)) await read();
    await prisma.$cleanup();
  };
  /** Names of the reads that a statement has made wrong, as the cache sees it. */
  const invalidated = async (run: (prisma: Cached) => Promise<unknown>): Promise<string[]> => {
    await prime();
    await run(prisma);
    const fallen: string[] = [];
    for (const [name, read] of Object.entries(reads)) {
      opened.sent();
      await read();
      if (opened.sent() > 0) fallen.push(name);
    }
    return fallen;
  };
  return { ...opened, prisma, invalidated };
}

async function sqlite(own: Parameters<typeof cached>[1] = {}) {
  const opened = await openSqlite();
  await seed(opened.plain);
  return prepared(opened, own);
}

async function postgres(own: Parameters<typeof cached>[1] = {}) {
  const opened = await openPostgres();
  await seedPostgres(opened.plain);
  return prepared(opened, { config: cacheConfig, ...own });
}

/** Names no table of the schema. */
const UNKNOWN = 'DROP TABLE IF EXISTS "elsewhere"';
const ALL = ['posts', 'comments', 'tags'];

describe('Raw writes missed: Asjas/prisma-redis-middleware#661', () => {
  test('a statement invalidates the models that it names, and what their referential actions reach', async () => {
    const { invalidated } = await sqlite();
    expect(
      await invalidated((prisma) => prisma.$executeRaw`UPDATE "Comment" SET "content" = 'raw'`),
    ).toEqual(['comments']);
    expect(
      await invalidated((prisma) => prisma.$executeRawUnsafe('DELETE FROM Post WHERE id = ?', 12)),
    ).toEqual(['posts', 'comments']);
    const table = Prisma.raw('"Tag"');
    expect(
      await invalidated((prisma) =>
        prisma.$executeRaw(Prisma.sql`UPDATE ${table} SET "label" = ${'raw'} WHERE "id" = ${1}`),
      ),
    ).toEqual(['posts', 'tags']);
    expect(
      await invalidated((prisma) => prisma.$executeRaw`DELETE FROM "_PostToTag" WHERE "A" = 1`),
    ).toEqual(['posts']);
  });

  test('what is surely a read invalidates nothing, and is not cached', async () => {
    const { invalidated, prisma, sent } = await sqlite();
    expect(await invalidated((prisma) => prisma.$queryRaw`SELECT * FROM "Post"`)).toEqual([]);
    expect(
      await invalidated((prisma) => prisma.$queryRawUnsafe('SELECT count(*) FROM "Tag"')),
    ).toEqual([]);
    sent();
    expect(await prisma.$queryRaw`SELECT "id" FROM "Post" WHERE "id" = ${1}`).toEqual([{ id: 1 }]);
    await prisma.$queryRaw`SELECT "id" FROM "Post" WHERE "id" = ${1}`;
    expect(sent()).toBe(2);
  });

  test('$queryRaw that writes invalidates', async () => {
    const { invalidated } = await sqlite();
    expect(
      await invalidated(
        (prisma) => prisma.$queryRaw`UPDATE "Tag" SET "label" = 'x' WHERE "id" = 2 RETURNING *`,
      ),
    ).toEqual(['posts', 'tags']);
  });

  test('a statement of which nothing is known invalidates everything', async () => {
    const { invalidated } = await sqlite();
    expect(await invalidated((prisma) => prisma.$executeRawUnsafe(UNKNOWN))).toEqual(ALL);
  });

  test('rawModels declares what the text does not tell', async () => {
    const rawModels = vi.fn((text: string) => (text === UNKNOWN ? [] : undefined));
    const { invalidated } = await sqlite({ rawModels });
    expect(await invalidated((prisma) => prisma.$executeRawUnsafe(UNKNOWN))).toEqual([]);
    expect(
      await invalidated((prisma) => prisma.$executeRaw`DELETE FROM "Comment" WHERE "id" = ${99}`),
    ).toEqual(['comments']);
    expect(rawModels).toHaveBeenCalledWith('DELETE FROM "Comment" WHERE "id" = ?');
  });

  test('in a batch the statement invalidates when the batch has committed', async () => {
    const { invalidated } = await sqlite();
    expect(
      await invalidated((prisma) =>
        prisma.$transaction([prisma.$executeRaw`UPDATE "Comment" SET "content" = 'raw'`]),
      ),
    ).toEqual(['comments']);
  });
});

interface Typed {
  $queryRawTyped(query: unknown): Promise<unknown>;
}

/** Typed as a client with the preview feature `typedSql`, which the client on PostgreSQL has. */
const typed = (client: object): Typed => client as Typed;

describe('on PostgreSQL', () => {
  test('Missed CTE tables: drizzle-orm#4677. A write anywhere in the statement counts', async () => {
    const { invalidated } = await postgres();
    expect(
      await invalidated(
        (prisma) =>
          prisma.$queryRaw`WITH gone AS (DELETE FROM "Comment" WHERE "id" = 1 RETURNING *) SELECT count(*) FROM gone`,
      ),
    ).toEqual(['comments']);
    expect(
      await invalidated(
        (prisma) =>
          prisma.$executeRaw`WITH chosen AS (SELECT "id" FROM "Tag" LIMIT 1) UPDATE "Post" SET "title" = 'cte' FROM chosen WHERE "Post"."id" = 2`,
      ),
    ).toContain('posts');
  });

  test('settings of the session invalidate nothing', async () => {
    const { invalidated } = await postgres();
    expect(await invalidated((prisma) => prisma.$executeRaw`SET search_path TO public`)).toEqual(
      [],
    );
    expect(
      await invalidated(
        (prisma) => prisma.$queryRaw`SELECT set_config('app.tenant', ${'a'}, true)`,
      ),
    ).toEqual([]);
  });

  test('a function call may write anything', async () => {
    const { invalidated, database } = await postgres();
    await database.execute(
      `CREATE FUNCTION wipe() RETURNS integer LANGUAGE sql AS 'DELETE FROM "Comment"; SELECT 1'`,
    );
    expect(await invalidated((prisma) => prisma.$queryRaw`SELECT wipe()`)).toContain('comments');
  });

  test('$queryRawTyped: what it writes invalidates, what it reads does not', async () => {
    const { invalidated, prisma, sent } = await postgres();
    // What `prisma generate --sql` makes of a file with this text.
    const count = makeTypedQueryFactory('SELECT count(*)::int AS "rows" FROM "Comment"');
    const rename = makeTypedQueryFactory(
      'UPDATE "Comment" SET "content" = $1 WHERE "id" = $2 RETURNING "id"',
    );
    expect(await invalidated((client) => typed(client).$queryRawTyped(count()))).toEqual([]);
    expect(
      await invalidated(async (client) => {
        expect(await typed(client).$queryRawTyped(rename('typed', 1))).toEqual([{ id: 1 }]);
      }),
    ).toEqual(['comments']);
    sent();
    await typed(prisma).$queryRawTyped(count());
    await typed(prisma).$queryRawTyped(count());
    expect(sent()).toBe(2);
  });

  test('relationLoadStrategy: both ways are cached and equal', async () => {
    const { prisma, sent } = await postgres();
    const load = (relationLoadStrategy: 'join' | 'query') => {
      const include = { comments: true, author: true } as const;
      const strategy: object = { relationLoadStrategy };
      return prisma.post.findMany({ include, orderBy: { id: 'asc' }, ...strategy });
    };
    const [joined, queried] = [await load('join'), await load('query')];
    expect(joined).toStrictEqual(queried);
    await prisma.$cleanup();
    sent();
    expect(await load('join')).toStrictEqual(joined);
    expect(await load('query')).toStrictEqual(joined);
    expect(sent()).toBe(0);
  });
});

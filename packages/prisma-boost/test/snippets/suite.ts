import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startPostgres, type PostgresDatabase, type PostgresServer } from '@boost-tooling/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  applicationsOnD1,
  applicationsOnPostgresql,
  ON_D1,
  ON_POSTGRESQL,
  type Applications,
} from './applications.js';
import { snippet } from './page.js';
import { createProject, type Project } from './project.js';
import { createTables, startWorker, until } from './worker.js';

export interface Harness {
  readonly name: string;
  /** A folder inside a package that has this version of Prisma. */
  readonly root: string;
  /** The schema as this version writes it. */
  schema(text: string): string;
  /** Of the generated client: what a worker imports. */
  readonly entry: string;
}

/** What the models of the other pages have beside those of level 1. */
const MORE_FIELDS = `
  viewCount    Int       @default(0)
  lastViewedAt DateTime?
  impressions  Int       @default(0)
  status       String    @default("draft")
  publishedAt  DateTime?
  deletedAt    DateTime?
`;
const MORE_MODELS = `
model User {
  id          Int       @id
  balance     Int
  lastLoginAt DateTime?
  loginCount  Int       @default(0)
  orders      Order[]
}

model Order {
  id     Int  @id @default(autoincrement())
  user   User @relation(fields: [userId], references: [id])
  userId Int
  total  Int
}
`;

/** The snippets of the levels, of invalidation and of analytics, compiled and run as they stand on their pages, with one version of Prisma. */
export function snippets({ name, root, schema, entry }: Harness): void {
  async function project(
    folder: string,
    text: string,
    { folders, files }: Applications,
  ): Promise<Project> {
    const created = await createProject({
      directory: join(root, folder),
      client: 'prisma/generated/client',
      folders,
      include: folders,
      files: {
        'package.json': JSON.stringify({ name: 'my-app', private: true, type: 'module' }),
        'prisma/schema.prisma': schema(text),
        ...files,
      },
    });
    await created.generate();
    return created;
  }

  describe(`the snippets of D1 with ${name}`, () => {
    let level1: string;
    let app: Project;

    beforeAll(async () => {
      level1 = await snippet(1, 'prisma/schema.prisma');
      app = await project('d1', level1, await applicationsOnD1(entry));
    }, 120_000);

    test('compile', async () => {
      await app.compile();
      expect(
        await readFile(join(app.directory, 'prisma/generated/cacheConfig.js'), 'utf8'),
      ).toContain('Post');
    });

    test('level 1 caches its read and invalidates by its write', async () => {
      const { env, ask } = await startWorker(app, ON_D1.level1);
      await createTables(env, level1);
      const insert = (id: number, title: string) =>
        env.DB.prepare(
          `INSERT INTO "Post" ("id", "title", "content", "published") VALUES (${String(id)}, '${title}', '', 1)`,
        ).run();
      await insert(1, 'one');
      expect(await ask()).toMatchObject([{ id: 1, title: 'one' }]);
      await until(
        () => env.CACHE.list(),
        ({ keys }) => keys.length >= 2,
      );
      // Behind the worker's back: what it answers now comes from the cache.
      await insert(2, 'unseen');
      expect(await ask()).toMatchObject([{ id: 1, title: 'one' }]);
      const comments = await env.DB.prepare('SELECT * FROM "Comment"').all();
      expect(comments.results).toHaveLength(2);
    });

    test('level 3 sees its own writes', async () => {
      const { env, ask } = await startWorker(app, ON_D1.level3);
      await createTables(env, level1);
      for (const id of [42, 43]) {
        await env.DB.prepare(
          `INSERT INTO "Post" ("id", "title", "content") VALUES (${String(id)}, 'old', '')`,
        ).run();
      }
      await env.DB.prepare(
        `INSERT INTO "Comment" ("id", "content", "postId") VALUES (99, 'x', 42)`,
      ).run();
      for (let time = 0; time < 3; time++) {
        expect(await ask()).toMatchObject({ id: 42, title: 'New Title' });
      }
      const comments = await env.DB.prepare('SELECT "postId" FROM "Comment"').all();
      expect(comments.results).toEqual([{ postId: 43 }]);
    });

    test('level 4 answers from the cache of the data centre what KV has lost', async () => {
      const { env, ask } = await startWorker(app, ON_D1.level4);
      await createTables(env, level1);
      const insert = (id: number) =>
        env.DB.prepare(
          `INSERT INTO "Post" ("id", "title", "content", "published") VALUES (${String(id)}, 'one', '', 1)`,
        ).run();
      let rows = 0;
      // The copies are made after the response. KV has none before and after: what lacks the new row is of the near cache.
      await until(
        async () => {
          const { keys } = await env.CACHE.list();
          for (const { name: key } of keys) await env.CACHE.delete(key);
          await insert(++rows);
          const answer = (await ask()) as readonly unknown[];
          return { answer, left: (await env.CACHE.list()).keys.length };
        },
        ({ answer, left }) => answer.length < rows && left === 0,
      );
    });

    test.each(['new_sqlite_classes', 'new_classes'])(
      'level 5 asks the object of the tenant (%s)',
      async (migration) => {
        const { env, ask } = await startWorker(app, ON_D1.level5, `${migration}.toml`);
        await createTables(env, level1);
        expect(await ask('POST')).toMatchObject([{ title: 'one' }]);
        const namespace = env.EPOCH_COORDINATOR;
        const kinds = async (object: string): Promise<readonly string[]> => {
          const { events } = await namespace.get(namespace.idFromName(object)).sync();
          return events.map(({ kind }) => kind);
        };
        expect(await kinds('epoch-tenant-a')).toEqual(['bumped']);
        expect(await kinds('epoch-tenant-b')).toEqual([]);
      },
    );

    test('level 6 has relays ask the objects', async () => {
      const { env, ask } = await startWorker(app, ON_D1.level6);
      await createTables(env, level1);
      expect(await ask()).toEqual([]);
      expect(await ask('POST')).toMatchObject([{ title: 'one' }]);
      const namespace = env.EPOCH_COORDINATOR;
      const { events } = await namespace.get(namespace.idFromName('epoch-acme-corp')).sync();
      expect(events.map(({ kind }) => kind)).toEqual(['bumped']);
    });

    test('the worker with analytics answers', async () => {
      const { env, ask } = await startWorker(app, ON_D1.analytics);
      await createTables(env, level1);
      await env.DB.prepare(
        `INSERT INTO "Post" ("id", "title", "content") VALUES (1, 'one', '')`,
      ).run();
      expect(await ask()).toMatchObject([{ id: 1, title: 'one' }]);
    });
  });

  describe(`the snippets of PostgreSQL with ${name}`, () => {
    let server: PostgresServer;
    let database: PostgresDatabase;
    let app: Project;

    beforeAll(async () => {
      const level1 = await snippet(1, 'prisma/schema.prisma');
      const generators = level1.slice(0, level1.indexOf('datasource db'));
      const models = level1.slice(level1.search(/^model /m));
      const text = [
        generators,
        await snippet(2, 'prisma/schema.prisma'),
        models.replace('model Post {', `model Post {${MORE_FIELDS}`),
        MORE_MODELS,
      ].join('\n');
      server = await startPostgres();
      database = await server.createDatabase(text);
      app = await project('postgresql', text, await applicationsOnPostgresql(entry, database.url));
    }, 120_000);

    afterAll(() => server.stop());

    test('compile', () => app.compile());

    test('level 2 answers from the cache', async () => {
      const { env, ask } = await startWorker(app, ON_POSTGRESQL.level2);
      const insert = (id: number) =>
        database.execute(
          `INSERT INTO "Post" ("id", "title", "content", "published") VALUES (${String(id)}, 'a', '', true)`,
        );
      await insert(1);
      expect(await ask()).toHaveLength(1);
      await until(
        () => env.CACHE.list(),
        ({ keys }) => keys.length >= 1,
      );
      await insert(2);
      expect(await ask()).toHaveLength(1);
    });

    test('what is read after the transaction of level 3 is what it wrote', async () => {
      const { env, ask } = await startWorker(app, ON_POSTGRESQL.transaction);
      await database.execute('INSERT INTO "User" ("id", "balance") VALUES (1, 7)');
      expect(await ask()).toMatchObject({ id: 1, balance: 7, orders: [] });
      await until(
        () => env.CACHE.list(),
        ({ keys }) => keys.length >= 1,
      );
      const orders = [{ id: 1, userId: 1, total: 50 }];
      const row = { id: 1, balance: 100 };
      expect(await ask('POST')).toMatchObject([row, { ...row, orders }]);
      expect(await ask()).toMatchObject({ ...row, orders });
    });

    test('what tracks fields skips the invalidation by one field and not by another; the hooks are told', async () => {
      await database.execute(`DELETE FROM "Post";
        INSERT INTO "Post" ("id", "title", "content") VALUES (1, 'Hello', '…'), (42, 'a', ''), (43, 'b', '');
        INSERT INTO "Comment" ("id", "content", "postId") VALUES (99, 'x', 42)`);
      const { ask, logs } = await startWorker(app, ON_POSTGRESQL.invalidation);
      expect(await ask()).toEqual({
        statuses: ['miss', 'hit-l2', 'hit-l2', 'miss'],
        affected: ['Comment:99', 'Post:42', 'Post:43'],
      });
      expect(logs().join('\n')).toMatch(/model: 'Post',\s+deleted: 0,\s+incomplete: false/);
    });
  });
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ddlFor, startPostgres } from '@boost-tooling/database';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createTestHarness } from 'wrangler';
import { snippet } from './page.js';
import { createProject, type Project } from './project.js';

export interface Harness {
  readonly name: string;
  /** A folder inside a package that has this version of Prisma. */
  readonly root: string;
  /** The schema as this version writes it. */
  schema(text: string): string;
  /** Of the generated client: what a worker imports. */
  readonly entry: string;
}

interface Database {
  prepare(sql: string): {
    run(): Promise<unknown>;
    all(): Promise<{ readonly results: readonly unknown[] }>;
  };
}

interface Bindings {
  readonly DB: Database;
  readonly CACHE: {
    list(): Promise<{ readonly keys: readonly { readonly name: string }[] }>;
    delete(name: string): Promise<void>;
  };
  readonly EPOCH_COORDINATOR: {
    idFromName(name: string): unknown;
    get(id: unknown): {
      sync(): Promise<{ readonly events: readonly { readonly kind: string }[] }>;
    };
  };
}

const MODELS = /^model /m;
const LAST_OF_LEVEL_5 = 'return Response.json(await prisma.post.findMany());';
const WRITE_FIRST =
  "if (request.method === 'POST') await prisma.post.create({ data: { title: 'one', content: '' } });\n    ";
const AS_LEVEL_1 = '// Same behavior as Level 1';

/** The snippets of the levels that this version has, compiled and run as they stand on the page. */
export function snippets({ name, root, schema, entry }: Harness): void {
  const wranglerOf = (toml: string): string =>
    [
      'main = "src/index.ts"',
      toml,
      '[alias]',
      `"@prisma/client" = "./prisma/generated/client/${entry}"`,
    ].join('\n');

  async function project(level: number, files: Readonly<Record<string, string>>): Promise<Project> {
    const created = await createProject({
      directory: join(root, `level-${String(level)}`),
      client: 'prisma/generated/client',
      files: {
        'package.json': JSON.stringify({ name: 'my-app', private: true, type: 'module' }),
        ...files,
      },
    });
    await created.generate();
    return created;
  }

  async function start({ directory }: Project) {
    process.env['CLOUDFLARE_CF_FETCH_ENABLED'] ??= 'false';
    const harness = createTestHarness({
      root: directory,
      workers: [{ configPath: 'wrangler.toml' }],
    });
    const { url } = await harness.listen();
    onTestFinished(() => harness.close());
    const env = await harness.getWorker<Bindings>().getEnv();
    const ask = async (method = 'GET'): Promise<unknown> => {
      const response = await fetch(url, { method });
      const text = await response.text();
      if (!response.ok)
        throw new Error(
          `${text}\n${harness
            .getLogs()
            .map(({ message }) => message)
            .join('\n')}`,
        );
      return JSON.parse(text);
    };
    return { env, ask };
  }

  async function createTables(database: Database, text: string): Promise<void> {
    for (const statement of (await ddlFor(text)).split(/;\s*\n/)) {
      const sql = statement.replace(/^--.*$/gm, '').trim();
      if (sql !== '') await database.prepare(sql).run();
    }
  }

  /** Asks until the answer is there; KV and the stores after a response take their time. */
  async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
    for (;;) {
      const value = await read();
      if (holds(value)) return value;
    }
  }

  describe(`the page's snippets with ${name}`, () => {
    let level1: string;
    beforeAll(async () => {
      level1 = await snippet(1, 'prisma/schema.prisma');
    });

    test('level 1 compiles, caches its read and invalidates by its write', async () => {
      const write = await snippet(1, 'src/write.ts');
      const app = await project(1, {
        'prisma/schema.prisma': schema(level1),
        'src/index.ts': await snippet(1, 'src/index.ts'),
        'src/write.ts': inFunction(write),
        'wrangler.toml': wranglerOf(await snippet(1, 'wrangler.toml')),
      });
      await app.compile();
      expect(
        await readFile(join(app.directory, 'prisma/generated/cacheConfig.js'), 'utf8'),
      ).toContain('Post');
      const { env, ask } = await start(app);
      await createTables(env.DB, level1);
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

    /** The worker of level 2, over a PostgreSQL with these models, with these statements instead of "as level 1". */
    async function onPostgres(folder: number, models: string, statements: string) {
      const server = await startPostgres();
      onTestFinished(() => server.stop());
      const generators = level1.slice(0, level1.indexOf('datasource db'));
      const text = [generators, await snippet(2, 'prisma/schema.prisma'), models].join('\n');
      const database = await server.createDatabase(text);
      const code = await snippet(2, 'src/index.ts');
      expect(code).toContain(AS_LEVEL_1);
      const bindings = (await snippet(1, 'wrangler.toml')).split('\n\n');
      const hyperdrive = (await snippet(2, 'wrangler.toml')).trimEnd();
      const app = await project(folder, {
        'prisma/schema.prisma': schema(text),
        'src/index.ts': code.replace(AS_LEVEL_1, statements),
        'wrangler.toml': wranglerOf(
          [
            'name = "my-app"',
            'compatibility_date = "2024-09-23"',
            'compatibility_flags = ["nodejs_compat"]',
            `${hyperdrive}\nlocalConnectionString = "${database.url}"`,
            ...bindings.filter((part) => part.startsWith('[[kv_namespaces]]')),
          ].join('\n'),
        ),
      });
      await app.compile();
      return { database, ...(await start(app)) };
    }

    test('level 2 compiles and runs on PostgreSQL', async () => {
      const models = level1.slice(level1.search(MODELS));
      const reads = `return Response.json(await prisma.post.findMany({ where: { published: true } }));`;
      const { database, env, ask } = await onPostgres(2, models, reads);
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

    test('the transaction of level 3 compiles, and what is read after it is what it wrote', async () => {
      const models = `model User {
  id      Int     @id
  balance Int
  orders  Order[]
}

model Order {
  id     Int  @id @default(autoincrement())
  user   User @relation(fields: [userId], references: [id])
  userId Int
  total  Int
}`;
      const cached =
        'await prisma.user.findUnique({ where: { id: 1 }, include: { orders: true } })';
      const statements = [
        `const before = ${cached};`,
        `if (request.method === 'GET') return Response.json(before);`,
        await snippet(3, 'src/transaction.ts'),
        `return Response.json([user, ${cached}]);`,
      ].join('\n');
      const { database, env, ask } = await onPostgres(4, models, statements);
      await database.execute('INSERT INTO "User" ("id", "balance") VALUES (1, 7)');
      expect(await ask()).toEqual({ id: 1, balance: 7, orders: [] });
      await until(
        () => env.CACHE.list(),
        ({ keys }) => keys.length >= 1,
      );
      const orders = [{ id: 1, userId: 1, total: 50 }];
      const row = { id: 1, balance: 100 };
      expect(await ask('POST')).toEqual([row, { ...row, orders }]);
      expect(await ask()).toEqual({ ...row, orders });
    });

    test('level 3 compiles, and sees its own writes', async () => {
      const app = await project(3, {
        'prisma/schema.prisma': schema(level1),
        'src/index.ts': await snippet(3, 'src/index.ts'),
        'wrangler.toml': wranglerOf(await snippet(1, 'wrangler.toml')),
      });
      await app.compile();
      const { env, ask } = await start(app);
      await createTables(env.DB, level1);
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

    test('level 4 compiles, and answers from the cache of the data centre what KV has lost', async () => {
      const app = await project(7, {
        'prisma/schema.prisma': schema(level1),
        'src/index.ts': await snippet(4, 'src/index.ts'),
        'src/three-tiers.ts': await snippet(4, 'src/three-tiers.ts'),
        'wrangler.toml': wranglerOf(await snippet(1, 'wrangler.toml')),
      });
      await app.compile();
      const { env, ask } = await start(app);
      await createTables(env.DB, level1);
      const insert = (id: number) =>
        env.DB.prepare(
          `INSERT INTO "Post" ("id", "title", "content", "published") VALUES (${String(id)}, 'one', '', 1)`,
        ).run();
      let rows = 0;
      // The copies are made after the response. KV has none before and after: what lacks the new row is of the near cache.
      await until(
        async () => {
          const { keys } = await env.CACHE.list();
          for (const { name } of keys) await env.CACHE.delete(name);
          await insert(++rows);
          const answer = (await ask()) as readonly unknown[];
          return { answer, left: (await env.CACHE.list()).keys.length };
        },
        ({ answer, left }) => answer.length < rows && left === 0,
      );
    });

    test.each(['new_sqlite_classes', 'new_classes'])(
      'level 5 compiles, and asks the object of the tenant (%s)',
      async (migration) => {
        const toml = await snippet(5, 'wrangler.toml');
        const code = await snippet(5, 'src/index.ts');
        expect(code).toContain(LAST_OF_LEVEL_5);
        const app = await project(migration === 'new_classes' ? 6 : 5, {
          'prisma/schema.prisma': schema(level1),
          'src/index.ts': code.replace(LAST_OF_LEVEL_5, WRITE_FIRST + LAST_OF_LEVEL_5),
          'src/coordinator.ts': await snippet(5, 'src/coordinator.ts'),
          'wrangler.toml': wranglerOf(toml.replace('new_sqlite_classes', migration)),
        });
        await app.compile();
        const { env, ask } = await start(app);
        await createTables(env.DB, level1);
        expect(await ask('POST')).toMatchObject([{ title: 'one' }]);
        const namespace = env.EPOCH_COORDINATOR;
        const kinds = async (name: string): Promise<readonly string[]> => {
          const { events } = await namespace.get(namespace.idFromName(name)).sync();
          return events.map(({ kind }) => kind);
        };
        expect(await kinds('epoch-tenant-a')).toEqual(['bumped']);
        expect(await kinds('epoch-tenant-b')).toEqual([]);
      },
    );
  });
}

/** Statements of the page that stand for themselves, in a module that compiles. */
function inFunction(statements: string): string {
  return `import { createCacheExtension } from 'prisma-boost';
import { PrismaClient } from '@prisma/client';

function connect(base: PrismaClient, options: Parameters<typeof createCacheExtension>[0]) {
  return base.$extends(createCacheExtension(options));
}

export async function example(prisma: ReturnType<typeof connect>): Promise<void> {
${statements}}
`;
}

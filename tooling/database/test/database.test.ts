import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@libsql/client';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import {
  createLibsqlDatabase,
  ddlFor,
  generateClient,
  providerOf,
  startPostgres,
} from '../src/index.js';

const SCHEMA = (provider: string): string => `
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["metrics", "driverAdapters"]
}
datasource db {
  provider = "${provider}"
  url      = env("DATABASE_URL")
}
model Post {
  id       Int       @id @default(autoincrement())
  title    String
  comments Comment[]
  tags     Tag[]
}
model Comment {
  id     Int  @id @default(autoincrement())
  post   Post @relation(fields: [postId], references: [id], onDelete: Cascade)
  postId Int
}
model Tag {
  id    Int    @id
  posts Post[]
}
`;

const WRITE = `INSERT INTO "Post" ("id", "title") VALUES (1, 'one'); INSERT INTO "Comment" ("id", "postId") VALUES (7, 1);`;

test('a schema of Prisma 6 becomes a script with its foreign keys and join tables', async () => {
  const script = await ddlFor(SCHEMA('sqlite'));
  expect(script).toContain('CREATE TABLE "Comment"');
  expect(script).toContain('ON DELETE CASCADE');
  expect(script).toContain('CREATE TABLE "_PostToTag"');
  expect(providerOf(SCHEMA('postgresql'))).toBe('postgresql');
});

test('a wrong schema is refused with what the engine says', async () => {
  await expect(
    ddlFor('datasource db { provider = "sqlite" }\nmodel A { x Int }'),
  ).rejects.toThrow();
});

test('a libSQL database has the tables and enforces foreign keys', async () => {
  const database = await createLibsqlDatabase(SCHEMA('sqlite'));
  onTestFinished(() => database.drop());
  await database.execute(WRITE);
  const client = createClient({ url: database.url });
  const { rows } = await client.execute('SELECT "postId" FROM "Comment"');
  await expect(client.execute('INSERT INTO "Comment" ("postId") VALUES (99)')).rejects.toThrow(
    /FOREIGN KEY/,
  );
  client.close();
  expect(rows).toMatchObject([{ postId: 1 }]);
});

test('PostgreSQL starts, and each database has its own tables', async () => {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const [first, second] = [
    await server.createDatabase(SCHEMA('postgresql')),
    await server.createDatabase(SCHEMA('postgresql')),
  ];
  await first.execute(WRITE);
  const count = async (url: string): Promise<unknown> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM "Comment"');
    await client.end();
    return rows[0]?.count;
  };
  expect([await count(first.url), await count(second.url)]).toEqual(['1', '0']);
});

test('a client is generated offline for both generators', async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const directory = await mkdtemp(join(root, 'generated-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const schema = SCHEMA('sqlite');
  const modern = await generateClient({ schema, directory: join(directory, 'a') });
  const classic = await generateClient({
    schema,
    directory: join(directory, 'b'),
    generator: 'prisma-client-js',
  });
  expect(await readFile(join(modern, 'client.ts'), 'utf8')).toContain('PrismaClient');
  expect(await readFile(join(classic, 'index.d.ts'), 'utf8')).toContain('PrismaClient');
});

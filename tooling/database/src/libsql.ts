import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { ddlFor } from './ddl.js';

export interface TestDatabase {
  /** Connection string. */
  readonly url: string;
  /** Runs a script of statements on a connection of its own. */
  execute(script: string): Promise<void>;
  /** Closes and removes the database. */
  drop(): Promise<void>;
}

export interface LibsqlDatabase extends TestDatabase {
  /** A driver adapter factory for Prisma 7 (and 6.19) clients; one for each client. */
  adapter(): PrismaLibSql;
}

/** A new SQLite database in a file of its own: in memory, libSQL gives every connection another one. */
export async function createLibsqlDatabase(schemaText: string): Promise<LibsqlDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'boost-libsql-'));
  const url = `file:${join(directory, 'test.db')}`;
  const execute = async (script: string): Promise<void> => {
    const client = createClient({ url });
    try {
      await client.executeMultiple(script);
    } finally {
      client.close();
    }
  };
  await execute('PRAGMA journal_mode = WAL;');
  await execute(await ddlFor(schemaText));
  return {
    url,
    execute,
    adapter: () => new PrismaLibSql({ url }),
    drop: () => rm(directory, { recursive: true, force: true }),
  };
}

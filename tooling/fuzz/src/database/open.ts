import type { LoadedSchema } from '../schema/load.ts';
import { startD1, type D1Server } from './d1.ts';
import type { DatabaseKind, FuzzDatabase } from './database.ts';
import { createMemoryDatabase } from './memory.ts';
import { createPostgresDatabase, startPostgres, type PostgresServer } from './postgres.ts';

/** Opens databases of every kind; servers are started when they are first needed. */
export class Databases {
  #postgres: Promise<PostgresServer> | undefined;
  #d1: D1Server | undefined;

  async open(kind: DatabaseKind, schema: LoadedSchema): Promise<FuzzDatabase> {
    switch (kind) {
      case 'libsql':
        return createMemoryDatabase(schema.ddl);
      case 'autocommit':
        return createMemoryDatabase(schema.ddl, { transactions: false });
      case 'postgres':
        this.#postgres ??= startPostgres();
        return createPostgresDatabase(await this.#postgres, schema.text);
      case 'd1':
        this.#d1 ??= startD1();
        return this.#d1.createDatabase(schema.ddl);
    }
  }

  async close(): Promise<void> {
    await this.#d1?.stop();
    await (await this.#postgres)?.stop();
  }
}

/** The provider that a schema is read for. */
export function providerFor(kind: DatabaseKind): 'sqlite' | 'postgresql' {
  return kind === 'postgres' ? 'postgresql' : 'sqlite';
}

import { onTestFinished } from 'vitest';
import * as config from '../generated/postgresql/cache/cacheConfig.js';
import { Prisma, PrismaClient } from '../generated/postgresql/client/client.js';
import type { PrismaClient as Sqlite } from '../generated/sqlite/client/client.js';
import { createDatabase, seedPostgres, usePostgres } from '../support/postgresql.js';
import { Statements } from '../support/statements.js';
import { sharedStore } from '../support/store.js';
import { traps } from './suite.js';

usePostgres();
traps({
  name: 'PostgreSQL',
  config,
  nulls: Prisma,
  async open() {
    const database = await createDatabase();
    const statements = new Statements();
    const observed = new PrismaClient({ adapter: statements.observe(database.adapter()) });
    const plain = new PrismaClient({ adapter: database.adapter() }) as unknown as Sqlite;
    onTestFinished(async () => {
      await observed.$disconnect();
      await plain.$disconnect();
      await database.drop();
    });
    await seedPostgres(plain);
    return { statements, observed: observed as unknown as Sqlite, plain, store: sharedStore() };
  },
});

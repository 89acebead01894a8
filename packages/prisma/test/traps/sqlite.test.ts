import { createLibsqlDatabase } from '@boost-tooling/database';
import { onTestFinished } from 'vitest';
import * as config from '../generated/sqlite/cache/cacheConfig.js';
import { Prisma, PrismaClient } from '../generated/sqlite/client/client.js';
import { SCHEMA, seed } from '../support/sqlite.js';
import { Statements } from '../support/statements.js';
import { sharedStore } from '../support/store.js';
import { traps } from './suite.js';

traps({
  name: 'libSQL',
  config,
  nulls: Prisma,
  async open() {
    const database = await createLibsqlDatabase(SCHEMA);
    const statements = new Statements();
    const observed = new PrismaClient({ adapter: statements.observe(database.adapter()) });
    const plain = new PrismaClient({ adapter: database.adapter() });
    onTestFinished(async () => {
      await observed.$disconnect();
      await plain.$disconnect();
      await database.drop();
    });
    await seed(plain);
    return { statements, observed, plain, store: sharedStore() };
  },
});

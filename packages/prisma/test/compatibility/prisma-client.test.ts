import { createLibsqlDatabase } from '@boost-tooling/database';
import * as config from '../generated/sqlite/cache/cacheConfig.js';
import { Prisma, PrismaClient } from '../generated/sqlite/client/client.js';
import { SCHEMA } from '../support/sqlite.js';
import { compatibility } from './suite.js';

compatibility({
  name: 'Prisma 7, prisma-client',
  config,
  Decimal: Prisma.Decimal,
  nestsTransactions: true,
  async open(options) {
    const database = await createLibsqlDatabase(SCHEMA);
    const client = new PrismaClient({ ...options, adapter: database.adapter() }) as PrismaClient;
    return {
      client,
      async close() {
        await client.$disconnect();
        await database.drop();
      },
    };
  },
});

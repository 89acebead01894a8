import { createLibsqlDatabase } from '@boost-tooling/database';
import * as config from '../generated/sqlite-js/cache/cacheConfig.js';
import { Prisma, PrismaClient } from '../generated/sqlite-js/client/index.js';
import type { PrismaClient as Modern } from '../generated/sqlite/client/client.js';
import { SCHEMA } from '../support/sqlite.js';
import { compatibility } from './suite.js';

compatibility({
  name: 'Prisma 7, prisma-client-js',
  config,
  Decimal: Prisma.Decimal,
  nestsTransactions: true,
  async open(options) {
    const database = await createLibsqlDatabase(SCHEMA);
    const client = new PrismaClient({ ...options, adapter: database.adapter() });
    return {
      client: client as unknown as Modern,
      async close() {
        await client.$disconnect();
        await database.drop();
      },
    };
  },
});

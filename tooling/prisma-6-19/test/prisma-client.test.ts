import { createLibsqlDatabase } from '@boost-tooling/database';
import { PrismaLibSQL } from '@prisma/adapter-libsql';
import { compatibility, type Harness } from '../../../packages/prisma/test/compatibility/suite.js';
import { SCHEMA } from '../../../packages/prisma/test/support/sqlite.js';
import * as config from '../generated/prisma-client/cache/cacheConfig.js';
import { Prisma, PrismaClient } from '../generated/prisma-client/client/client.js';

compatibility({
  name: 'Prisma 6.19, prisma-client',
  config,
  Decimal: Prisma.Decimal,
  nestsTransactions: false,
  async open(options) {
    const database = await createLibsqlDatabase(SCHEMA);
    const adapter = new PrismaLibSQL({ url: database.url });
    const client = new PrismaClient({ ...options, adapter });
    return {
      client: client as unknown as Opened['client'],
      async close() {
        await client.$disconnect();
        await database.drop();
      },
    };
  },
});

type Opened = Awaited<ReturnType<Harness['open']>>;

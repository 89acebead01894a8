import { PrismaD1 } from '@prisma/adapter-d1';
import { PrismaLibSQL } from '@prisma/adapter-libsql';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  generatedClient,
  versionOf,
  type PrismaVersion,
} from '../../../../packages/prisma/test/support-matrix/cells.js';
import * as postgresqlConfig from '../../generated/postgresql/cache/cacheConfig.js';
import * as postgresqlJs from '../../generated/postgresql/client-js/index.js';
import * as postgresql from '../../generated/postgresql/client/client.js';
import * as sqliteConfig from '../../generated/prisma-client/cache/cacheConfig.js';
import * as sqlite from '../../generated/prisma-client/client/client.js';
import * as sqliteJs from '../../generated/prisma-client-js/client/index.js';

export const PRISMA_6: PrismaVersion = {
  name: versionOf(sqlite),
  clients: {
    'prisma-client-js': {
      sqlite: generatedClient(sqliteJs, sqliteConfig),
      postgresql: generatedClient(postgresqlJs, postgresqlConfig),
    },
    'prisma-client': {
      sqlite: generatedClient(sqlite, sqliteConfig),
      postgresql: generatedClient(postgresql, postgresqlConfig),
    },
  },
  drivers: {
    D1: (database) => new PrismaD1(database),
    libSQL: (url) => new PrismaLibSQL({ url }),
    PostgreSQL: (connectionString) => new PrismaPg({ connectionString }),
  },
};

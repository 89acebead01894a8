import { PrismaD1 } from '@prisma/adapter-d1';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { PrismaPg } from '@prisma/adapter-pg';
import * as postgresqlConfig from '../generated/postgresql/cache/cacheConfig.js';
import * as postgresqlJs from '../generated/postgresql/client-js/index.js';
import * as postgresql from '../generated/postgresql/client/client.js';
import * as sqliteConfig from '../generated/sqlite/cache/cacheConfig.js';
import * as sqliteJs from '../generated/sqlite-js/client/index.js';
import * as sqlite from '../generated/sqlite/client/client.js';
import { generatedClient, versionOf, type PrismaVersion } from './cells.js';

export const PRISMA_7: PrismaVersion = {
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
    libSQL: (url) => new PrismaLibSql({ url }),
    PostgreSQL: (connectionString) => new PrismaPg({ connectionString }),
  },
};

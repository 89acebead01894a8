import { readFile } from 'node:fs/promises';
import { createMemoryAdapter } from '@boost/core';
import { createLibsqlDatabase } from '@boost-tooling/database';
import { onTestFinished } from 'vitest';
import { createCacheExtension } from '../../src/index.js';
import * as cacheConfig from '../generated/page/cache/cacheConfig.js';
import { PrismaClient } from '../generated/page/client/client.js';
import { countEntries, seed, type Client, type Harness } from '../invalidation/harness.js';
import { countQueries } from './counted.js';
import { systemClock } from './store.js';

export { cacheConfig };

const SCHEMA = await readFile(new URL('page.prisma', import.meta.url), 'utf8');

/** libSQL, with epochs in a store that is shared (as KV: rows) or in this process (fields). */
export function libsql(granularity: 'row' | 'field'): Harness {
  return {
    name: `libSQL, by ${granularity}`,
    granularity,
    async open() {
      const database = await createLibsqlDatabase(SCHEMA);
      const log = [{ emit: 'event', level: 'query' }] as const;
      const base = new PrismaClient({ adapter: database.adapter(), log: [...log] });
      const plain = new PrismaClient({ adapter: database.adapter() });
      const counter = countQueries(base);
      onTestFinished(async () => {
        await base.$disconnect();
        await plain.$disconnect();
        await database.drop();
      });
      await seed(plain);
      const adapter = createMemoryAdapter({ clock: systemClock, shared: granularity === 'row' });
      return {
        plain,
        sent: () => counter.sent(),
        cached: (own = {}) =>
          base.$extends(
            createCacheExtension({ adapter, config: cacheConfig, version: 'v1', ...own }),
          ) as unknown as Client,
        adapter,
        entries: () => countEntries(adapter),
      };
    },
  };
}

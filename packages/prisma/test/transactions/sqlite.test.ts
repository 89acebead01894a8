import { cacheConfig, openSqlite, seed } from '../support/sqlite.js';
import { transactions } from './suite.js';

transactions({
  name: 'libSQL',
  config: cacheConfig,
  open: () => openSqlite(),
  seed,
  deferForeignKeys: (tx) => tx.$executeRawUnsafe('PRAGMA defer_foreign_keys = ON'),
});

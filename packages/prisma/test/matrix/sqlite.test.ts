import { cacheConfig, clear, openSqlite, seed } from '../support/sqlite.js';
import { matrix } from './suite.js';

matrix({ name: 'libSQL', config: cacheConfig, open: () => openSqlite(), seed, clear });

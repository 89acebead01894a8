import {
  cacheConfig,
  clearPostgres,
  openPostgres,
  seedPostgres,
  usePostgres,
} from '../support/postgresql.js';
import { matrix } from './suite.js';

usePostgres();
matrix({
  name: 'PostgreSQL',
  config: cacheConfig,
  open: openPostgres,
  seed: seedPostgres,
  clear: clearPostgres,
});

import { cacheConfig, openPostgres, seedPostgres, usePostgres } from '../support/postgresql.js';
import { transactions } from './suite.js';

usePostgres();
transactions({
  name: 'PostgreSQL',
  config: cacheConfig,
  open: openPostgres,
  seed: seedPostgres,
  deferForeignKeys: async (tx) => {
    const constraint = '"Comment" ALTER CONSTRAINT "Comment_postId_fkey"';
    await tx.$executeRawUnsafe(`ALTER TABLE ${constraint} DEFERRABLE INITIALLY DEFERRED`);
  },
});

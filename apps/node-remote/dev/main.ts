import { startKV } from './kv.ts';
import { createTables } from './tables.ts';

const DATABASE_URL = process.env['DATABASE_URL'] ?? 'file:./dev.db';

const { accountUrl } = await startKV('dev');
await createTables(DATABASE_URL);
Object.assign(process.env, {
  CF_ACCOUNT_ID: 'dev',
  CF_NAMESPACE_ID: 'dev',
  CF_API_TOKEN: 'dev',
  CF_ACCOUNT_URL: accountUrl,
  DATABASE_URL,
});
await import('../src/main.ts');

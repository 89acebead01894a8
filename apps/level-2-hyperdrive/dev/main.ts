import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '@boost-tooling/database';
import { readSchema } from './schema.ts';

/** `wrangler dev` over a PostgreSQL of its own, which is gone when it ends. */

const server = await startPostgres();
try {
  const database = await server.createDatabase(await readSchema());
  await database.execute(
    await readFile(fileURLToPath(import.meta.resolve('level-1-d1/seed.sql')), 'utf8'),
  );
  const wrangler = spawn('wrangler', ['dev', ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE: database.url },
  });
  // Wrangler ends by the same signal; the database goes after it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => wrangler.kill());
  await once(wrangler, 'exit');
} finally {
  await server.stop();
}

import { readFile, readdir } from 'node:fs/promises';
import { createClient } from '@libsql/client';

const MIGRATIONS = new URL('../migrations/', import.meta.url);

/** Creates the tables where the database has none. */
export async function createTables(url: string): Promise<void> {
  const client = createClient({ url });
  try {
    const { rows } = await client.execute("SELECT 1 FROM sqlite_master WHERE name = 'Post'");
    if (rows.length > 0) return;
    for (const name of (await readdir(MIGRATIONS)).sort()) {
      await client.executeMultiple(await readFile(new URL(name, MIGRATIONS), 'utf8'));
    }
  } finally {
    client.close();
  }
}

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startServers } from 'level-1-d1/server';
import { Site } from './site.ts';

const ROOT = fileURLToPath(new URL('workers', import.meta.url));
const SEED = new URL(import.meta.resolve('level-1-d1/seed.sql'));
const LEVELS = ['level-1', 'level-3'] as const;

/** A level in two data centres: over one database and one KV, with the rows of the seed. */
export interface Deployment {
  readonly near: Site;
  readonly far: Site;
}

export type Fleet = Readonly<Record<(typeof LEVELS)[number], Deployment>>;

/** Both levels, each in two data centres. */
export async function startFleet(): Promise<Fleet> {
  const workers = LEVELS.flatMap((level) =>
    ['near', 'far'].map((place) => ({ config: configOf(level, place) })),
  );
  const servers = await startServers({ root: ROOT, workers });
  const seed = await readFile(SEED, 'utf8');
  const deployment = async (level: (typeof LEVELS)[number]): Promise<Deployment> => {
    const start = LEVELS.indexOf(level) * 2;
    const [near, far] = servers.slice(start, start + 2);
    if (near === undefined || far === undefined) throw new Error(`${level} did not start.`);
    for (const statement of seed.split(';')) {
      if (statement.trim() !== '') await near.execute(statement);
    }
    return { near: new Site(near), far: new Site(far) };
  };
  return { 'level-1': await deployment('level-1'), 'level-3': await deployment('level-3') };
}

function configOf(level: string, place: string) {
  return {
    name: `${level}-${place}`,
    main: `${level}.ts`,
    compatibility_date: '2024-01-01',
    d1_databases: [
      {
        binding: 'DB',
        database_name: level,
        database_id: level,
        migrations_dir: '../../../level-1-d1/migrations',
      },
    ],
    kv_namespaces: [{ binding: 'CACHE', id: level }],
  };
}

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startServers } from 'level-1-d1/server';
import { Site } from 'level-3-pro/site';

const ROOT = fileURLToPath(new URL('workers', import.meta.url));
const SEED = new URL('../prisma/seed.sql', import.meta.url);

/** The worker of this level in two data centres, over one database and one KV; and the same application at level 3. */
export interface Fleet {
  readonly near: Site;
  readonly far: Site;
  readonly level3: Site;
}

export async function startFleet(): Promise<Fleet> {
  const configs = [
    configOf('near', 'level-5'),
    configOf('far', 'level-5'),
    configOf('below', 'level-3'),
  ];
  const servers = await startServers({
    root: ROOT,
    workers: configs.map((config) => ({ config })),
  });
  const [near, far, below] = servers;
  if (near === undefined || far === undefined || below === undefined) {
    throw new Error('A worker did not start.');
  }
  const seed = await readFile(SEED, 'utf8');
  for (const server of [near, below]) {
    for (const statement of seed.split(';')) {
      if (statement.trim() !== '') await server.execute(statement);
    }
  }
  return { near: new Site(near), far: new Site(far), level3: new Site(below) };
}

function configOf(name: string, level: 'level-3' | 'level-5') {
  const binding = { name: 'EPOCH_COORDINATOR', class_name: 'EpochCoordinator' };
  // The objects are those of one worker; the other asks them from afar.
  const ofNear = name === 'near' ? binding : { ...binding, script_name: 'near' };
  return {
    name,
    main: `${level}.ts`,
    compatibility_date: '2024-04-03',
    vars: name === 'near' ? { ENVIRONMENT: 'development' } : {},
    d1_databases: [
      {
        binding: 'DB',
        database_name: level,
        database_id: level,
        migrations_dir: '../../migrations',
      },
    ],
    kv_namespaces: [{ binding: 'CACHE', id: level }],
    ...(level === 'level-5' ? { durable_objects: { bindings: [ofNear] } } : {}),
    ...(name === 'near'
      ? { migrations: [{ tag: 'v1', new_sqlite_classes: ['EpochCoordinator'] }] }
      : {}),
  };
}

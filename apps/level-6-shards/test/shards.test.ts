import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startServers, type Server } from 'level-1-d1/server';
import { Site } from 'level-3-pro/site';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('workers', import.meta.url));
const SEED = new URL(import.meta.resolve('level-5-tenants/seed.sql'));
const GUIDE = new URL('../../../docs/getting-started-by-level.md', import.meta.url);
const ACME = { 'x-tenant': 'acme-corp', 'x-user': 'ann' };
const OPERATOR = { 'x-user': 'operator' };

/** Three deployments over one database, one KV and the objects of the first: their counts differ. */
const SHARDS = { eight: 8, three: 3, one: 1 } as const;

function configOf(name: keyof typeof SHARDS) {
  const binding = { name: 'EPOCH_COORDINATOR', class_name: 'EpochCoordinator' };
  const isHost = name === 'eight';
  return {
    name,
    main: 'level-6.ts',
    compatibility_date: '2024-04-03',
    vars: { ACME_SHARDS: String(SHARDS[name]) },
    d1_databases: [
      {
        binding: 'DB',
        database_name: 'shards',
        database_id: 'shards',
        migrations_dir: '../../../level-5-tenants/migrations',
      },
    ],
    kv_namespaces: [{ binding: 'CACHE', id: 'shards' }],
    durable_objects: { bindings: [isHost ? binding : { ...binding, script_name: 'eight' }] },
    ...(isHost ? { migrations: [{ tag: 'v1', new_sqlite_classes: ['EpochCoordinator'] }] } : {}),
  };
}

let servers: readonly Server[];

beforeAll(async () => {
  const names = Object.keys(SHARDS) as (keyof typeof SHARDS)[];
  const workers = names.map((name) => ({ config: configOf(name) }));
  servers = await startServers({ root: ROOT, workers });
  for (const statement of (await readFile(SEED, 'utf8')).split(';')) {
    if (statement.trim() !== '') await servers[0]?.execute(statement);
  }
});

afterAll(() => servers[0]?.close());

function serverOf(name: keyof typeof SHARDS): Server {
  const server = servers[Object.keys(SHARDS).indexOf(name)];
  if (server === undefined) throw new Error(`The worker ${name} did not start.`);
  return server;
}

const site = (name: keyof typeof SHARDS): Site => new Site(serverOf(name));

interface Asked {
  readonly primaries: number;
  readonly relays: number;
}

/** What is asked of objects meanwhile. */
async function askedIn(run: () => Promise<unknown>): Promise<Asked> {
  const asked = async (): Promise<Asked> => (await site('eight').read('/asked')).body as Asked;
  const before = await asked();
  await run();
  const after = await asked();
  return { primaries: after.primaries - before.primaries, relays: after.relays - before.relays };
}

test('what the guide shows of this level comes out as it says', () =>
  site('eight').walk(GUIDE, 'Level 6'));

test('strong readers ask relays, with one shard the object itself', async () => {
  const readOf = (name: keyof typeof SHARDS) => () => site(name).as(ACME).read('/plans');
  await site('eight').as(ACME).warm('/plans');
  expect((await askedIn(readOf('eight'))).relays).toBeGreaterThan(0);
  expect(await askedIn(readOf('one'))).toMatchObject({ relays: 0 });
});

test('two deployed relay counts: what one writes is new at once for strong readers of the others', async () => {
  const readers = [site('eight').as(ACME), site('three').as(ACME), site('one').as(ACME)];
  let price = 1_000;
  for (const writer of [site('eight'), site('three'), site('one')]) {
    for (const reader of readers) await reader.warm('/plans');
    price += 1;
    await writer.as(OPERATOR).write('PATCH', '/plans/1', { price });
    for (const reader of readers) {
      expect((await reader.read('/plans')).body).toMatchObject([{ id: 1, price }, { id: 2 }]);
    }
  }
});

test('a session that goes from one deployment to another sees its own write', async () => {
  const [here, there] = [site('three').as(ACME), site('eight').as(ACME)];
  await there.warm('/posts/41');
  const { cookie } = await here.write('PATCH', '/posts/41', { title: 'Anvils, improved' });
  expect((await there.read('/posts/41', cookie)).body).toMatchObject({ title: 'Anvils, improved' });
});

test('the operator is told which tenants need more shards, and nobody else', async () => {
  const path = '/admin/shards/acme-corp';
  const { body } = await site('eight').as(OPERATOR).read(path);
  expect(body).toEqual({ shards: 8, recommended: 1, hot: {} });
  expect(await site('eight').as(ACME).status('GET', path)).toBe(403);
});

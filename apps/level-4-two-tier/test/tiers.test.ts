import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Server, startServers } from 'level-1-d1/server';
import { askOf, walk } from 'level-1-d1/walk';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const ROOT = fileURLToPath(new URL('workers', import.meta.url));
const GUIDE = new URL('../../../docs/getting-started-by-level.md', import.meta.url);
const SEED = new URL(import.meta.resolve('level-1-d1/seed.sql'));

/** A worker with its tiers, in a data centre with a cache of its own, over the database and the KV of its level. */
function configOf(tiers: string, place: string) {
  return {
    name: `${tiers}-${place}`,
    main: `${tiers}-tiers.ts`,
    compatibility_date: '2024-01-01',
    vars: { CACHE_URL: `https://${place}.your-domain.com/${tiers}` },
    d1_databases: [
      {
        binding: 'DB',
        database_name: tiers,
        database_id: tiers,
        migrations_dir: '../../../level-1-d1/migrations',
      },
    ],
    kv_namespaces: [{ binding: 'CACHE', id: tiers }],
  };
}

let servers: readonly Server[];

beforeAll(async () => {
  const workers = ['two', 'three'].flatMap((tiers) =>
    ['near', 'far'].map((place) => ({ config: configOf(tiers, place) })),
  );
  servers = await startServers({ root: ROOT, workers });
  const seed = await readFile(SEED, 'utf8');
  for (const server of [servers[0], servers[2]]) {
    for (const statement of seed.split(';')) {
      if (statement.trim() !== '') await server?.execute(statement);
    }
  }
});

afterAll(() => servers[0]?.close());

function server(index: number): Server {
  const found = servers[index];
  if (found === undefined) throw new Error(`Worker ${String(index)} was not started.`);
  return found;
}

/** Reads, and waits for what goes on after the response. */
async function read(from: Server, path: string) {
  const { body, report } = await from.ask({ method: 'GET', path });
  await from.totals();
  const [{ status } = { status: 'none' }] = report.reads;
  return { status, body: JSON.parse(body) as unknown, statements: report.statements };
}

async function statusOf(from: Server, path: string): Promise<string> {
  return (await read(from, path)).status;
}

/** Reads until the status is there: what was written within the margin of clocks is not stored yet. */
async function until(from: Server, path: string, status: string): Promise<void> {
  await vi.waitFor(async () => expect(await statusOf(from, path)).toBe(status), {
    timeout: 60_000,
  });
}

async function write(to: Server, path: string, body: object): Promise<void> {
  expect((await to.ask({ method: 'PATCH', path, body })).status).toBe(200);
  await to.totals();
}

describe('two tiers', () => {
  const near = (): Server => server(0);
  const far = (): Server => server(1);

  test('what the guide shows of this level comes out as it says', () =>
    walk(askOf(near()), GUIDE, 'Level 4'));

  test('a hit comes from the cache of the data centre; KV is asked for epochs alone', async () => {
    await until(near(), '/posts/41', 'hit-l1');
    const before = (await near().totals()).store.reads;
    const hit = await read(near(), '/posts/41');
    expect(hit).toMatchObject({ status: 'hit-l1', statements: 0, body: { id: 41 } });
    const epochs = (await near().totals()).store.reads - before;
    expect(epochs).toBeGreaterThan(0);
    expect(epochs).toBeLessThanOrEqual(10);
  });

  test('what one data centre has read is found in KV by another, and kept there', async () => {
    await until(near(), '/posts/43', 'hit-l1');
    expect(await statusOf(far(), '/posts/43')).toBe('hit-l2');
    expect(await statusOf(far(), '/posts/43')).toBe('hit-l1');
  });

  test('what is written elsewhere is not answered by a nearer cache', async () => {
    for (const place of [near(), far()]) await until(place, '/posts/42/comments', 'hit-l1');
    await write(near(), '/comments/99', { content: 'Written elsewhere.' });
    for (const place of [far(), near()]) {
      expect((await read(place, '/posts/42/comments')).body).toMatchObject([
        { id: 99, content: 'Written elsewhere.' },
      ]);
    }
    await until(far(), '/posts/42/comments', 'hit-l1');
  });
});

describe('three tiers', () => {
  const near = (): Server => server(2);
  const far = (): Server => server(3);

  test('a hit comes from the memory that the requests of an isolate share', async () => {
    await until(near(), '/posts/41', 'hit-memory');
    expect(await read(near(), '/posts/41')).toMatchObject({ status: 'hit-memory', statements: 0 });
    expect(await statusOf(far(), '/posts/41')).toBe('hit-l2');
    expect(await statusOf(far(), '/posts/41')).toBe('hit-memory');
  });

  test('what is written elsewhere is not answered from memory', async () => {
    for (const place of [near(), far()]) await until(place, '/posts/42', 'hit-memory');
    await write(near(), '/posts/42', { title: 'Written elsewhere' });
    for (const place of [far(), near()]) {
      expect((await read(place, '/posts/42')).body).toMatchObject({ title: 'Written elsewhere' });
    }
  });
});

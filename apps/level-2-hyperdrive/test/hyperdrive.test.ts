import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type PostgresDatabase, type PostgresServer, startPostgres } from '@boost-tooling/database';
import { type Call, type HttpClient, startWorker } from 'level-1-d1/server';
import { askOf, walk } from 'level-1-d1/walk';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readSchema } from '../dev/schema.ts';

const ROOT = fileURLToPath(new URL('worker', import.meta.url));
const GUIDE = new URL('../../../docs/getting-started-by-level.md', import.meta.url);
const SEED = new URL(import.meta.resolve('level-1-d1/seed.sql'));

let server: PostgresServer;
let database: PostgresDatabase;
let worker: HttpClient;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server.stop());

beforeEach(async () => {
  database = await server.createDatabase(await readSchema());
  await database.execute(await readFile(SEED, 'utf8'));
});

afterEach(() => worker.close());

/** @param vars - what stands between the worker and PostgreSQL */
async function start(vars: { CACHING: 'off' | 'documented' | 'everything'; MARKED: boolean }) {
  const config = {
    name: 'level-2',
    main: 'index.ts',
    compatibility_date: '2024-09-23',
    compatibility_flags: ['nodejs_compat'],
    vars,
    hyperdrive: [{ binding: 'HYPERDRIVE', id: 'level-2', localConnectionString: database.url }],
    kv_namespaces: [{ binding: 'CACHE', id: 'level-2' }],
  };
  worker = await startWorker({ root: ROOT, workers: [{ config }] });
}

async function read(path: string): Promise<{ outcome: string; body: unknown; statements: number }> {
  const { body, report } = await worker.ask({ method: 'GET', path });
  await worker.totals();
  const outcome = report.reads.every(({ status }) => status.startsWith('hit')) ? 'hit' : 'miss';
  return { outcome, body: JSON.parse(body), statements: report.statements };
}

async function write(call: Call, expected = 200): Promise<void> {
  const { status } = await worker.ask(call);
  expect(status).toBe(expected);
}

const title = (text: string): Call => ({
  method: 'PATCH',
  path: '/posts/42',
  body: { title: text },
});

const warnings = (): string[] =>
  worker.logs().filter((message) => message.includes('--caching-disabled'));

describe('over PostgreSQL, through Hyperdrive', () => {
  beforeEach(() => start({ CACHING: 'off', MARKED: true }));

  test('a read asks the database once, until a write invalidates its model, as the guide shows', () =>
    walk(askOf(worker), GUIDE, 'Level 2'));

  // On D1, at level 1, the first statement stays.
  test('a batch whose second statement fails changes nothing', async () => {
    await database.execute('UPDATE "Post" SET "published" = false WHERE "id" = 42');
    const before = await read('/posts/42');
    const body = { content: 'Comment', commentOn: 999_999 };
    await write({ method: 'POST', path: '/posts/42/publication', body }, 409);
    expect((await read('/posts/42')).body).toEqual(before.body);
    await write({ method: 'POST', path: '/posts/42/publication', body: { content: 'Comment' } });
    expect((await read('/posts/42')).body).toMatchObject({ published: true });
    expect(warnings()).toEqual([]);
  });
});

describe("behind a cache as Hyperdrive's is documented", () => {
  test('a statement as Prisma sends it returns what was before a write, and there is a warning', async () => {
    await start({ CACHING: 'documented', MARKED: false });
    const before = await read('/posts/42');
    await write(title('New title'));
    // What was read anew is old already, and Boost cannot know.
    expect(await read('/posts/42')).toEqual({ ...before, outcome: 'miss', statements: 0 });
    expect(warnings()).toHaveLength(1);
  });

  test('a statement as the example sends it is answered by the database', async () => {
    await start({ CACHING: 'documented', MARKED: true });
    await read('/posts/42');
    await write(title('New title'));
    expect((await read('/posts/42')).body).toMatchObject({ title: 'New title' });
    expect(warnings()).toEqual([]);
  });

  test('there is a warning when the mark is of no use', async () => {
    await start({ CACHING: 'everything', MARKED: true });
    await read('/posts/42');
    await vi.waitFor(() => expect(warnings()).toHaveLength(1), { timeout: 60_000 });
  });
});

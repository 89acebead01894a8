import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTestHarness, type TestHarness } from 'wrangler';
import type { Answer, State } from './outage/state.ts';

const root = fileURLToPath(new URL('outage', import.meta.url));
let harness: TestHarness;
let url: URL;

beforeEach(async () => {
  process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false';
  harness = createTestHarness({ root, workers: [{ configPath: 'wrangler.toml' }] });
  ({ url } = await harness.listen());
  await harness.getWorker().applyD1Migrations('DB');
});

afterEach(() => harness.close());

const ask = (path: string): Promise<Response> => fetch(new URL(path, url));
const read = async (title: string): Promise<Answer> =>
  (await ask(`/read?title=${title}`)).json() as Promise<Answer>;
const state = async (): Promise<State> => (await ask('/state')).json() as Promise<State>;

test('a hundred requests that ask the same at once send one query', async () => {
  await ask('/mend');
  const answers = await Promise.all(Array.from({ length: 100 }, () => read('same')));
  expect((await state()).queries).toBe(1);
  for (const { posts } of answers) expect(posts).toEqual([]);
});

test('while KV is down the requests of an isolate soon stop asking it, the database is not overrun, and hits resume', async () => {
  await read('one');
  await vi.waitFor(async () => expect((await read('one')).status).toBe('hit-l2'));

  await ask('/break');
  // One after another: each request learns from those before it.
  for (let request = 0; request < 10; request++) {
    expect(await read(`post${request}`)).toMatchObject({ posts: [], status: 'bypass' });
  }
  const opened = await state();
  // Twenty tries without a circuit that opens; on a slow machine it may let one through.
  expect(opened.asked).toBeLessThan(10);
  expect(opened.errors.length).toBeLessThan(10);
  expect(new Set(opened.errors)).toEqual(new Set(['get BOOST_STORE_FAILED']));
  const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => read(`all${index}`)));
  for (const answer of answers) expect(answer).toMatchObject({ posts: [], status: 'bypass' });
  expect((await state()).mostQueries).toBeLessThanOrEqual(16);

  await ask('/mend');
  await vi.waitFor(async () => expect((await read('one')).status).toBe('hit-l2'), {
    timeout: 60_000,
    interval: 100,
  });
});

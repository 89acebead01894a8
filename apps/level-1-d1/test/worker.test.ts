import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestHarness } from 'wrangler';

interface Bindings {
  readonly DB: { prepare(sql: string): { run(): Promise<unknown> } };
  readonly CACHE: { list(): Promise<{ keys: { name: string }[] }> };
}

const root = fileURLToPath(new URL('..', import.meta.url));
const harness = createTestHarness({ root, workers: [{ configPath: 'wrangler.toml' }] });

async function api(method: string, path: string, body?: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await harness.fetch(path, { method, headers, ...init });
  return response.json();
}

beforeAll(async () => {
  process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false';
  await harness.listen();
  await harness.getWorker().applyD1Migrations('DB');
});

afterAll(() => harness.close());

test('Local testing: prisma#24650. What is deployed runs here, and answers from the cache until a write passes through it', async () => {
  const { DB, CACHE } = await harness.getWorker<Bindings>().getEnv();
  await api('POST', '/posts', { title: 'First', content: 'Content' });
  const first = await api('GET', '/posts');
  // The answer is stored after the response.
  await vi.waitFor(async () => expect((await CACHE.list()).keys.length).toBeGreaterThan(1));

  await DB.prepare(`UPDATE "Post" SET "title" = 'Changed past the worker'`).run();
  expect(await api('GET', '/posts')).toEqual(first);

  await api('PATCH', '/posts/1', { content: 'New content' });
  expect(await api('GET', '/posts')).toEqual([
    { id: 1, title: 'Changed past the worker', content: 'New content', published: false },
  ]);
});

test('bad input is refused with a status that says so', async () => {
  const status = async (method: string, path: string, body?: unknown): Promise<number> => {
    const headers = { 'content-type': 'application/json' };
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await harness.fetch(path, { method, headers, ...init })).status;
  };

  expect(await status('GET', '/posts/one')).toBe(400);
  expect(await status('GET', '/posts?published=maybe')).toBe(400);
  expect(await status('POST', '/posts', { title: '' })).toBe(400);
  expect(await status('PATCH', '/posts/9999', { title: 'Title' })).toBe(404);
  expect(await status('POST', '/posts/9999/comments', { content: 'Comment' })).toBe(409);
});

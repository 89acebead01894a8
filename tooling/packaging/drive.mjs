import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { createTestHarness } from 'wrangler';

// Drives the worker of this project over HTTP. What only the database knows tells a hit from a fresh answer.
process.env.CLOUDFLARE_CF_FETCH_ENABLED ??= 'false';
const root = fileURLToPath(new URL('.', import.meta.url));
const harness = createTestHarness({ root, workers: [{ configPath: 'wrangler.toml' }] });
const { url } = await harness.listen();
const worker = harness.getWorker();
await worker.applyD1Migrations('DB');
const { DB } = await worker.getEnv();

async function ask(method, path, body) {
  const response = await fetch(new URL(path, url), {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

const title = async () => (await ask('GET', '/posts'))[0].title;

const created = await ask('POST', '/posts', { title: 'first', content: 'x', published: true });
assert.equal(await title(), 'first');
await DB.prepare("UPDATE Post SET title = 'behind the back'").run();
// The entry is stored after the response: the first reads may still miss, a hit stays a hit.
let seen = await title();
for (let attempt = 0; attempt < 50 && seen !== 'first'; attempt++) {
  await ask('PATCH', `/posts/${created.id}`, { title: 'first' });
  await title();
  await DB.prepare("UPDATE Post SET title = 'behind the back'").run();
  seen = await title();
}
assert.equal(seen, 'first', 'a repeated read is answered from the cache');
await ask('PATCH', `/posts/${created.id}`, { content: 'y' });
assert.equal(await title(), 'behind the back', 'a write invalidates the list');
await harness.close();
console.log('A worker made of the packed packages reads from its cache and invalidates it.');
process.exit(0);

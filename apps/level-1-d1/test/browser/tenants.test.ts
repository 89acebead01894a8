import { fileURLToPath } from 'node:url';
import { startBrowser, type Browser } from '@boost-tooling/browser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestHarness, type TestHarness } from 'wrangler';

const root = fileURLToPath(new URL('tenants', import.meta.url));
const MARKUP = '<script>document.title = "taken over"</script>';

let harness: TestHarness;
let url: URL;
let browser: Browser;

beforeAll(async () => {
  process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false';
  harness = createTestHarness({ root, workers: [{ configPath: 'wrangler.toml' }] });
  [{ url }, browser] = await Promise.all([harness.listen(), startBrowser()]);
  await harness.getWorker().applyD1Migrations('DB');
});

afterAll(async () => {
  await Promise.all([harness.close(), browser.close()]);
});

function ask(path: string, tenant = ''): Promise<Response> {
  const address = new URL(path, url);
  address.searchParams.set('tenant', tenant);
  return fetch(address);
}

test('with its token the page shows tenants as text, and which writes hold readers back', async () => {
  await ask('/read', 'acme');
  await ask('/read', MARKUP);
  const page = await browser.newPage();
  await page.goto(new URL('/__boost', url).href);
  expect(await page.innerText('body')).toContain('The inspector wants its token');
  await page.goto(new URL('/__boost?token=a token of the tests', url).href);
  expect(page.url()).toBe(new URL('/__boost', url).href);
  expect(await page.evaluate(() => document.cookie)).toBe('');

  const tenants = page.locator('#tenant-rows > tr');
  await expect
    .poll(() => tenants.allInnerTexts())
    .toEqual([expect.stringContaining(MARKUP), expect.stringMatching(/^acme\s+1\s+0\s+0/)]);
  expect(await page.title()).toBe('Boost inspector');
  expect(await page.locator('main script').count()).toBe(0);

  const writing = ask('/hold', 'acme');
  const object = page.getByRole('row', { name: /^epoch-acme / });
  await expect.poll(() => object.innerText()).toContain('Tag#rows');
  expect(await page.locator('#coordinator-hint').innerText()).toContain('under way');

  await ask('/release');
  expect((await writing).status).toBe(200);
  const latest = page.locator('#operation-list > li').first();
  await expect.poll(() => latest.innerText()).toMatch(/write\s+Tag/);
  await expect.poll(() => object.innerText()).not.toContain('Tag#rows');
});

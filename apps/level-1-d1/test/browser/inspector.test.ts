import { startBrowser, type Browser, type Page } from '@boost-tooling/browser';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startServer, type Server } from '../../demo/server.ts';
import { faintTexts } from './contrast.ts';

let server: Server;
let browser: Browser;

/** What the browser complained of, and whom it asked beside the worker. */
const complaints: string[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([
    startServer({ ENVIRONMENT: 'development' }),
    startBrowser(),
  ]);
  const body = { title: 'Title', content: 'SECRET', comments: ['Nice!'], tags: ['edge'] };
  await server.ask({ method: 'POST', path: '/posts', body });
  for (const path of ['/posts/1', '/posts/1', '/tags', '/comments/1/likes']) {
    await server.ask({ method: 'GET', path });
    await server.totals();
  }
  await server.ask({ method: 'PATCH', path: '/posts/1', body: { title: 'New' } });
});

afterAll(async () => {
  await Promise.all([server.close(), browser.close()]);
});

async function open(options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
  const page = await browser.newPage(options);
  onTestFinished(() => page.close());
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== server.url.origin) complaints.push(request.url());
  });
  await page.goto(new URL('/__boost', server.url).href);
  await page.locator('#connection[data-state="live"]').waitFor();
  return page;
}

const rows = (page: Page) => page.locator('#operation-list > li:visible');

test('operations show up with why they came out as they did, and new ones as they happen', async () => {
  const page = await open();
  await expect.poll(() => rows(page).count()).toBe(6);
  expect(await rows(page).allInnerTexts()).toEqual([
    expect.stringMatching(/write\s+Post\s+Post! · 2 entries fell/),
    expect.stringMatching(/miss\s+Like\.count\s+absent/),
    expect.stringMatching(/miss\s+Tag\.findMany\s+absent/),
    expect.stringMatching(/hit\s+Post\.findUnique\s+store, .* saved/),
    expect.stringMatching(/miss\s+Post\.findUnique\s+absent/),
    expect.stringMatching(/write\s+Post\s+.*0 entries fell/),
  ]);
  // Who listens is told now and then, not of each.
  const summary = '4 reads, 1 from the cache; 2 writes, 2 entries fell.';
  const status = page.getByRole('status');
  expect(await status.textContent()).toBe(summary);
  await server.ask({ method: 'GET', path: '/posts' });
  await server.totals();
  await expect.poll(() => rows(page).first().innerText()).toContain('Post.findMany');
  expect(await status.textContent()).toBe(summary);
  expect(await page.content()).not.toContain('SECRET');
  expect(complaints).toEqual([]);
});

test('a write lights up what it bumped, and the entries that fell', async () => {
  const page = await open();
  const node = (name: string) => page.locator('.node', { hasText: name });
  const lit = () => page.locator('.node.bumped .name').allTextContents();
  await expect.poll(lit).toEqual(['Post']);
  expect(await node('Tag').getAttribute('class')).toContain('fell');
  expect(await node('Like').getAttribute('class')).toBe('node');
  expect(await page.locator('tr.lit').count()).toBe(2);

  // The first write, which made a post with a comment and a tag.
  await rows(page).last().getByRole('button').click();
  await expect.poll(lit).toEqual(['Post', 'Tag', 'Comment']);
  expect(await page.locator('.edge.lit').count()).toBe(2);
  expect(await page.locator('tr.lit').count()).toBe(0);
  await page.getByText('The graph as a table').click();
  const row = page.getByRole('row', { name: /^Comment postId → Post/ });
  expect(await row.innerText()).toContain('bumped');
});

test('everything can be reached and done by keyboard', async () => {
  const page = await open();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to the operations');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('All');
  for (let filter = 0; filter < 4; filter++) await page.keyboard.press('Tab');
  expect(await focused()).toBe('Writes');
  await page.keyboard.press('Space');
  expect(await rows(page).count()).toBe(2);

  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await rows(page).last().locator('.detail').innerText()).toContain('_PostToTag!');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  expect(await page.locator('.detail').count()).toBe(1);

  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await focused()).toMatch(/^Post/);
  await page.keyboard.press('Enter');
  expect(await page.locator('#model-filter').innerText()).toContain('touch Post');
});

test('nothing moves for those who do not want it, and pausing stops the stream', async () => {
  const page = await open({ reducedMotion: 'reduce' });
  await page.locator('.node.bumped').waitFor();
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  await page.getByRole('button', { name: 'Pause' }).click();
  expect(await page.locator('#connection').innerText()).toBe('Paused');
});

test('it says when the worker is gone, and begins anew when another isolate answers', async () => {
  const page = await open();
  await expect.poll(() => rows(page).count()).toBeGreaterThan(5);
  const before = await rows(page).count();
  let isAnother = false;
  let asked = 0;
  await page.route('**/__boost/events?*', async (route) => {
    if (!isAnother) return route.abort();
    asked += 1;
    const response = await route.fetch();
    return route.fulfill({ json: { ...((await response.json()) as object), isolate: 'another' } });
  });
  const connection = page.locator('#connection');
  await expect.poll(() => connection.innerText()).toBe('Not reachable, trying again');
  isAnother = true;
  await expect.poll(() => connection.innerText()).toBe('Live');
  await expect.poll(() => asked).toBeGreaterThan(1);
  await expect.poll(() => rows(page).count()).toBe(before);
});

test.each([
  ['light', 1440],
  ['dark', 1440],
  ['light', 390],
  ['dark', 390],
] as const)('in %s, %i pixels wide, it fits and can be read', async (colorScheme, width) => {
  const page = await open({
    colorScheme,
    viewport: { width, height: 900 },
    reducedMotion: 'reduce',
  });
  await page.locator('tr.lit').first().waitFor();
  await rows(page).first().getByRole('button').click();
  for (const summary of await page.locator('summary').all()) await summary.click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  expect(await page.evaluate(faintTexts, 4.5)).toEqual([]);
});

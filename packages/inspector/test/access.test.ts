import { expect, test } from 'vitest';
import { createInspector, type InspectorOptions } from '../src/index.js';
import { ask } from './support/ask.js';
import { freshConfig } from './support/config.js';

const TOKEN = 'a secret of 24 characters';
const ABROAD = 'https://app.example.com/__boost';

const make = (own: Partial<InspectorOptions> = {}) =>
  createInspector({ enabled: true, config: freshConfig(), ...own });

test.each([{ enabled: false }, { enabled: undefined }])(
  'it is off, and the cache makes no events for it: %o',
  async (own) => {
    const inspector = make(own);
    expect(await inspector.fetch(new Request('http://localhost/__boost'))).toBeUndefined();
    expect(inspector.hooks).toEqual({});
  },
);

test('requests for anything else are left to the application', async () => {
  for (const path of ['/', '/posts', '/__boosted', '/a/__boost']) {
    expect(await make().fetch(new Request(`http://localhost${path}`)), path).toBeUndefined();
  }
});

test.each([
  'http://localhost:8787',
  'http://127.0.0.1:8787',
  'http://127.8.9.10',
  'http://[::1]:8787',
  'http://app.localhost',
])('without a token it answers this machine: %s', async (origin) => {
  expect((await ask(make(), `${origin}/__boost`)).status).toBe(200);
});

test.each([
  'https://app.example.com',
  'http://192.168.1.4:8787',
  'http://localhost.example.com',
  'http://127.0.0.1.example.com',
  'http://notlocalhost',
  'http://[::2]',
])('without a token it refuses everyone else: %s', async (origin) => {
  for (const path of ['', '/events', '/schema', '/coordinator']) {
    const response = await ask(make(), `${origin}/__boost${path}`);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('give createInspector a token');
  }
});

test('with a token it refuses this machine too', async () => {
  const response = await ask(make({ token: TOKEN }), 'http://localhost/__boost');
  expect(response.status).toBe(401);
  expect(await response.text()).not.toContain(TOKEN);
});

test('the token is taken from the Authorization header', async () => {
  const inspector = make({ token: TOKEN });
  const status = async (authorization: string) =>
    (await ask(inspector, ABROAD, { headers: { authorization } })).status;
  expect(await status(`Bearer ${TOKEN}`)).toBe(200);
  expect(await status(`bearer ${TOKEN}`)).toBe(200);
  for (const wrong of [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Basic ${TOKEN}`, TOKEN]) {
    expect(await status(wrong), wrong).toBe(401);
  }
});

test('the token in the address is exchanged for a cookie that scripts do not see', async () => {
  const inspector = make({ token: TOKEN });
  const response = await ask(inspector, `${ABROAD}?token=${encodeURIComponent(TOKEN)}`);
  expect(response.status).toBe(303);
  expect(response.headers.get('location')).toBe('/__boost');
  const cookie = response.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(
    /^boost-inspector=[0-9a-f]{64}; Path=\/__boost; Max-Age=43200; HttpOnly; SameSite=Lax; Secure$/,
  );
  expect(cookie).not.toContain(TOKEN);

  const pair = cookie.split(';')[0] ?? '';
  const headers = { cookie: `theme=dark; ${pair}; other=1` };
  expect((await ask(inspector, `${ABROAD}/events`, { headers })).status).toBe(200);
  const other = make({ token: `${TOKEN}, another` });
  expect((await ask(other, `${ABROAD}/events`, { headers })).status).toBe(401);
});

test('a wrong token in the address, or as the cookie itself, opens nothing', async () => {
  const inspector = make({ token: TOKEN });
  expect((await ask(inspector, `${ABROAD}?token=wrong`)).status).toBe(401);
  const headers = { cookie: `boost-inspector=${TOKEN}` };
  expect((await ask(inspector, ABROAD, { headers })).status).toBe(401);
});

test('it only shows: other methods are refused, and unknown pages are not found', async () => {
  const response = await ask(make(), 'http://localhost/__boost', { method: 'POST', body: 'x' });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  expect((await ask(make(), 'http://localhost/__boost/other')).status).toBe(404);
  expect((await ask(make(), 'http://localhost/__boost/events?since=-1')).status).toBe(400);
});

test('no answer is kept, framed, guessed at or told to other sites', async () => {
  const pages = ['', '/events', '/schema', '/coordinator', '/other', '?token=x'];
  for (const inspector of [make(), make({ token: TOKEN })]) {
    for (const path of pages) {
      const { headers } = await ask(inspector, `http://localhost/__boost${path}`);
      expect(Object.fromEntries(headers), path).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'none'") as string,
      });
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  }
});

test.each<[Partial<Record<keyof InspectorOptions, unknown>>, string]>([
  [{ token: 'short' }, 'at least 16 characters'],
  [{ token: '' }, 'at least 16 characters'],
  [{ enabled: 'true' }, 'give true or false'],
  [{ capacity: 0 }, 'from 1 to 100000'],
  [{ config: undefined }, 'import * as cacheConfig'],
])('options that cannot be are refused at once: %o', (own, fix) => {
  const wrong = own as Partial<InspectorOptions>;
  expect(() => make(wrong)).toThrow(expect.objectContaining({ code: 'BOOST_OPTION_INVALID' }));
  expect(() => make(wrong)).toThrow(fix);
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRemoteCloudflareAdapter, type RemoteCloudflareAdapter } from '../src/index.js';
import { ACCOUNT, ApiDouble, NAMESPACE, TOKEN } from './support/api-double.js';
import { startMiniflareApi } from './support/miniflare-api.js';

const hour = { ttlSeconds: 3_600 };

const SERVERS = {
  'the API of Miniflare': () => startMiniflareApi(NAMESPACE),
  'the API as it is documented': () => ApiDouble.start(),
};

const NAMES = [
  'plain',
  'a/b',
  'a//b/',
  'tenant:7:Post',
  '100%',
  '%2F',
  'with blanks and + signs',
  'query?limit=1&prefix=#hash',
  'naïve ☃ 日本 \u{1F600}',
  '"quoted\\"',
  '__proto__ ',
];

describe.each(Object.entries(SERVERS))('KV over %s', (_, start) => {
  let server: Awaited<ReturnType<typeof start>>;
  let adapter: RemoteCloudflareAdapter;
  let test = 0;

  const connect = (namespace: string): RemoteCloudflareAdapter =>
    createRemoteCloudflareAdapter({
      accountId: ACCOUNT,
      namespaceId: NAMESPACE,
      apiToken: TOKEN,
      accountUrl: server.accountUrl,
      namespace,
    });

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    adapter = connect(`test-${String(++test)}`);
  });

  it('gives back what was set, in any text', async () => {
    const text = 'line\r\n\n"quoted" \u{1F600} \u0000 \u2028 end\r';
    await adapter.set('a', text, hour);
    await adapter.set('empty', '', hour);
    expect(await adapter.get('a')).toBe(text);
    expect(await adapter.get('empty')).toBe('');
    expect(await adapter.get('absent')).toBeNull();
  });

  it.each(NAMES)('takes the key %j', async (name) => {
    await adapter.set(name, `value of ${name}`, hour);
    expect(await adapter.getMany([name, 'other'])).toEqual(
      new Map([
        [name, `value of ${name}`],
        ['other', null],
      ]),
    );
    expect((await adapter.list(name)).keys).toEqual([name]);
    await adapter.delete(name);
    expect(await adapter.get(name)).toBeNull();
  });

  it('reads more keys than one bulk read takes, each once', async () => {
    const keys = Array.from({ length: 230 }, (_, index) => String(index));
    const entries = ['0', '99', '100', '229'].map((key) => ({ key, value: `v${key}`, ...hour }));
    expect(await adapter.setMany(entries)).toEqual({ stored: 4, failed: new Map() });
    const values = await adapter.getMany([...keys, ...keys]);
    expect(values.size).toBe(230);
    expect(['0', '50', '99', '100', '229'].map((key) => values.get(key))).toEqual([
      'v0',
      null,
      'v99',
      'v100',
      'v229',
    ]);
  });

  it.each([1, 7, 10, 25])('lists in the order of bytes, by pages of %d', async (limit) => {
    const keys = Array.from({ length: 31 }, (_, index) => `k${String(index).padStart(2, '0')}`);
    keys.push('k\uffee', 'k\u{1F600}');
    await adapter.setMany([...keys, 'other'].map((key) => ({ key, value: key, ...hour })));
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await adapter.list('k', { limit, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.keys.length).toBeLessThanOrEqual(limit);
      found.push(...page.keys);
      ({ cursor } = page);
    } while (cursor !== undefined);
    expect(found).toEqual(keys);
  });

  it('goes on with a list where keys were deleted meanwhile', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `k${String(index).padStart(2, '0')}`);
    await adapter.setMany(keys.map((key) => ({ key, value: key, ...hour })));
    const { cursor = '' } = await adapter.list('', { limit: 3 });
    await adapter.deleteMany(['k01', 'k02', 'k03']);
    expect((await adapter.list('', { limit: 3, cursor })).keys).toEqual(['k04', 'k05', 'k06']);
  });

  it('tells when keys expire, and what was stored beside them', async () => {
    await adapter.setMany([
      { key: 'a', value: '1', ttlSeconds: 60, metadata: { by: 'test', list: [1, null] } },
      { key: 'b', value: '2', ttlSeconds: 7_200 },
    ]);
    const { entries } = await adapter.list('');
    const nowSeconds = Date.now() / 1_000;
    const [a, b] = entries;
    expect(a?.metadata).toEqual({ by: 'test', list: [1, null] });
    expect(b?.metadata).toBeUndefined();
    expect((a?.expiration ?? 0) - nowSeconds).toBeGreaterThan(0);
    expect((a?.expiration ?? 0) - nowSeconds).toBeLessThanOrEqual(61);
    expect((b?.expiration ?? 0) - nowSeconds).toBeGreaterThan(3_600);
  });

  it('keeps the lines of a value that has metadata', async () => {
    await adapter.set('a', 'one\ntwo\r\nthree\r', { ...hour, metadata: { lines: 3 } });
    expect(await adapter.get('a')).toBe('one\ntwo\r\nthree\r');
    expect((await adapter.list('a')).entries[0]?.metadata).toEqual({ lines: 3 });
  });

  it('deletes many, whether or not they are there', async () => {
    await adapter.setMany(['a', 'b', 'c'].map((key) => ({ key, value: key, ...hour })));
    expect(await adapter.deleteMany(['a', 'b', 'never'])).toEqual({
      deleted: 3,
      failed: new Map(),
    });
    await adapter.delete('never');
    expect((await adapter.list('')).keys).toEqual(['c']);
  });

  it('finds and deletes what begins with its namespace, as the product page does', async () => {
    const pages = connect('test-cache');
    await pages.set('x', '1', hour);
    await adapter.set('x', 'of another namespace', hour);
    const { keys } = await pages.list('test-cache:', { limit: 1_000 });
    expect(keys).toEqual(['test-cache:x']);
    expect(await pages.get('test-cache:x')).toBe('1');
    await pages.deleteMany(keys);
    expect(await pages.get('x')).toBeNull();
    expect(await adapter.get('x')).toBe('of another namespace');
  });

  it('keeps namespaces apart that begin alike', async () => {
    const [short, long] = [connect('app'), connect('app-2')];
    await short.set('k', 'short', hour);
    await long.set('k', 'long', hour);
    expect((await short.list('')).keys).toEqual(['k']);
    expect(await short.get('k')).toBe('short');
    expect(await long.get('k')).toBe('long');
  });
});

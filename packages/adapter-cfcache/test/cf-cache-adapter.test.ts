import { isBoostError, type CacheAdapter } from '@boost/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCFCacheAdapter } from '../src/index.js';

const hour = { ttlSeconds: 3_600 };
const host = 'https://cache.example.com';
let adapter: CacheAdapter;
let round = 0;

beforeEach(() => {
  round += 1;
  adapter = createCFCacheAdapter({ baseUrl: `${host}/${String(round)}` });
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function codeOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (isBoostError(error)) return error.code;
    throw error;
  }
  return 'resolved';
}

/** The cache with a method that does as it does elsewhere: in a preview, or where it is broken. */
async function stubbing(methods: Partial<Cache>): Promise<void> {
  const stubbed = Object.assign(await caches.open('boost'), methods);
  vi.spyOn(caches, 'open').mockResolvedValue(stubbed);
}

describe('the Cache API as a near store', () => {
  it('gives back any text under any key, each apart', async () => {
    const keys = ['.', '..', 'a/b', 'a%2Fb', 'a?b', 'a#b', 'a b', 'a'];
    for (const key of keys) await adapter.set(key, `\u{1f600}\u0000\n${key}`, hour);
    expect(await adapter.getMany([...keys, 'b'])).toEqual(
      new Map([...keys.map((key) => [key, `\u{1f600}\u0000\n${key}`] as const), ['b', null]]),
    );
  });

  it('does not answer with what has expired, though the cache still has it', async () => {
    await adapter.set('a', 'x', { ttlSeconds: 60 });
    const written = Date.now();
    const clock = vi.spyOn(Date, 'now');
    clock.mockReturnValue(written + 58_000);
    expect(await adapter.get('a')).toBe('x');
    clock.mockReturnValue(written + 60_001);
    expect(await adapter.get('a')).toBeNull();
  });

  it('takes what is not its own for a miss', async () => {
    const page = (): Response =>
      new Response('<html>', { headers: { 'cache-control': 'max-age=60' } });
    await (await caches.open('boost')).put(`${host}/${String(round)}/xa`, page());
    expect(await adapter.get('a')).toBeNull();
  });

  it('keeps nothing where a request to the zone could find it', async () => {
    await adapter.set('a', 'x', hour);
    const address = `${host}/${String(round)}/xa`;
    expect(await caches.default.match(address)).toBeUndefined();
    expect(await (await caches.open('boost')).match(address)).toBeDefined();
  });

  it('is one backend for all adapters of an address', () => {
    const baseUrl = `${host}/${String(round)}/`;
    expect(createCFCacheAdapter({ baseUrl }).identity).toBe(adapter.identity);
    expect(createCFCacheAdapter({ baseUrl: `${baseUrl}b` }).identity).not.toBe(adapter.identity);
  });

  it('deletes, also what is not there', async () => {
    await adapter.set('a', 'x', hour);
    expect(await adapter.deleteMany(['a', 'b', 'a'])).toEqual({ deleted: 2, failed: new Map() });
    expect(await adapter.get('a')).toBeNull();
  });

  it('cannot carry epochs, and says so', async () => {
    expect(adapter.capabilities).toMatchObject({ shared: false, list: false, tier: 'l1' });
    expect(await codeOf(adapter.set('e', 'x', { ...hour, authoritative: true }))).toBe(
      'BOOST_STORE_LIMIT',
    );
    expect(await adapter.get('e')).toBeNull();
  });

  it('resolves where the cache does not keep what it was given', async () => {
    await stubbing({ put: () => Promise.resolve() });
    expect(await codeOf(adapter.set('a', 'x', hour))).toBe('resolved');
    expect(await adapter.get('a')).toBeNull();
  });

  it('throws what fails, with a code', async () => {
    await stubbing({ match: () => Promise.reject(new Error('boom')) });
    expect(await codeOf(adapter.get('a'))).toBe('BOOST_STORE_FAILED');
    expect(await codeOf(adapter.list('a'))).toBe('BOOST_STORE_FAILED');
    expect(await codeOf(adapter.set('', 'x', hour))).toBe('BOOST_STORE_LIMIT');
    expect(await codeOf(adapter.set('a', 'x', { ttlSeconds: 0 }))).toBe('BOOST_STORE_LIMIT');
    expect(await codeOf(adapter.get('a', { signal: AbortSignal.abort() }))).toBe(
      'BOOST_STORE_TIMEOUT',
    );
  });

  it.each(['cache.example.com', 'ftp://cache.example.com', `${host}/?a=b`, ''])(
    'refuses the base URL %j',
    (baseUrl) => {
      expect(() => createCFCacheAdapter({ baseUrl })).toThrow(/BOOST_OPTION_INVALID/);
    },
  );
});

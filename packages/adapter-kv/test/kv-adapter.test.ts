import { isBoostError, type CacheAdapter } from '@boost/core';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { createKVAdapter, type KVNamespaceLike } from '../src/index.js';

const { CACHE } = env as unknown as { CACHE: KVNamespace };
const hour = { ttlSeconds: 3600 };

let prefix = 0;
let adapter: CacheAdapter;
const key = (name: string): string => `test-${String(prefix)}:${name}`;

beforeEach(() => {
  prefix += 1;
  adapter = createKVAdapter({ kv: CACHE });
});

/** The binding with one method that fails. */
function failing(method: keyof KVNamespaceLike, message: string): CacheAdapter {
  const kv = new Proxy(CACHE, {
    get: (target, name) =>
      name === method
        ? () => Promise.reject(new Error(message))
        : (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target),
  });
  return createKVAdapter({ kv });
}

async function codeOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (isBoostError(error)) return error.code;
    throw error;
  }
  return 'resolved';
}

describe('a KV namespace as a store', () => {
  it('gives back what was set, in any text', async () => {
    const text = 'line\n"quoted" \u{1F600} \u0000 end';
    await adapter.set(key('a'), text, hour);
    expect(await adapter.get(key('a'))).toBe(text);
    expect(await adapter.get(key('b'))).toBeNull();
  });

  it('reads more keys than one bulk read takes, each once', async () => {
    const keys = Array.from({ length: 230 }, (_, index) => key(String(index)));
    await Promise.all(
      [0, 99, 100, 229].map((index) => adapter.set(key(String(index)), String(index), hour)),
    );
    const values = await adapter.getMany([...keys, ...keys]);
    expect(values.size).toBe(230);
    expect([0, 50, 99, 100, 229].map((index) => values.get(key(String(index))))).toEqual([
      '0',
      null,
      '99',
      '100',
      '229',
    ]);
  });

  it('lets a value expire when it should', async () => {
    await adapter.set(key('a'), 'x', { ttlSeconds: 60 });
    const { keys } = await CACHE.list({ prefix: key('') });
    const left = (keys[0]?.expiration ?? 0) - Date.now() / 1000;
    expect(left).toBeGreaterThan(50);
    expect(left).toBeLessThanOrEqual(61);
  });

  it('lists by prefix, in order, page by page', async () => {
    for (const name of ['c', 'a', 'b']) await adapter.set(key(name), name, hour);
    const first = await adapter.list(key(''), { limit: 2 });
    expect(first.keys).toEqual([key('a'), key('b')]);
    const { cursor } = first;
    expect(cursor).toBeDefined();
    expect(
      await adapter.list(key(''), { limit: 2, ...(cursor === undefined ? {} : { cursor }) }),
    ).toEqual({ keys: [key('c')] });
  });

  it('deletes many and says what it could not', async () => {
    for (const name of ['a', 'b']) await adapter.set(key(name), name, hour);
    expect(await adapter.deleteMany([key('a'), key('b'), key('never')])).toEqual({
      deleted: 3,
      failed: new Map(),
    });
    expect(await adapter.getMany([key('a'), key('b')])).toEqual(
      new Map([
        [key('a'), null],
        [key('b'), null],
      ]),
    );
    const refused = await failing('delete', 'boom').deleteMany([key('a')]);
    expect(refused.deleted).toBe(0);
    expect(isBoostError(refused.failed.get(key('a')), 'BOOST_STORE_FAILED')).toBe(true);
  });

  it.each([
    [undefined, 6],
    [3, 3],
    [50, 6],
  ])('with the concurrency %s deletes %d keys at once', async (concurrency, expected) => {
    let running = 0;
    let most = 0;
    const kv = new Proxy(CACHE, {
      get: (target, name) => async (key: string) => {
        if (name !== 'delete') throw new Error(`${String(name)} was not expected`);
        running += 1;
        most = Math.max(most, running);
        await target.delete(key);
        running -= 1;
      },
    });
    const keys = Array.from({ length: 20 }, (_, index) => key(String(index)));
    const options = concurrency === undefined ? {} : { concurrency };
    expect(await createKVAdapter({ kv }).deleteMany(keys, options)).toMatchObject({ deleted: 20 });
    expect(most).toBe(expected);
  });
});

describe('failures', () => {
  it('tells the rate limit from other failures', async () => {
    const limited = failing('put', 'KV PUT failed: 429 Too Many Requests');
    expect(await codeOf(limited.set(key('a'), 'x', hour))).toBe('BOOST_STORE_RATE_LIMITED');
    expect(await codeOf(failing('put', 'KV PUT failed: 500').set(key('a'), 'x', hour))).toBe(
      'BOOST_STORE_FAILED',
    );
    expect(await codeOf(failing('get', 'KV GET failed: 503').get(key('a')))).toBe(
      'BOOST_STORE_FAILED',
    );
    expect(await codeOf(failing('list', 'KV LIST failed: 503').list(key('a')))).toBe(
      'BOOST_STORE_FAILED',
    );
  });

  it('says how long to wait where KV does', async () => {
    const limited = failing('put', '429 Too Many Requests; retry-after: 7');
    await expect(limited.set(key('a'), 'x', hour)).rejects.toMatchObject({
      details: { retryAfterMs: 7_000 },
    });
  });

  it.each([
    ['a key of more than 512 bytes', () => adapter.set('ä'.repeat(257), 'x', hour)],
    ['an empty key', () => adapter.get('')],
    ['less than a minute to live', () => adapter.set(key('a'), 'x', { ttlSeconds: 59 })],
    ['more than 25 MiB', () => adapter.set(key('a'), 'x'.repeat(25 * 1024 * 1024 + 1), hour)],
  ])('refuses %s before KV does', async (_, run) => {
    expect(await codeOf(run())).toBe('BOOST_STORE_LIMIT');
  });

  it('does not begin what was aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    expect(await codeOf(adapter.set(key('a'), 'x', { ...hour, signal }))).toBe(
      'BOOST_STORE_TIMEOUT',
    );
    expect(await CACHE.get(key('a'))).toBeNull();
  });

  it('refuses options that cannot be', () => {
    expect(() => createKVAdapter({ kv: undefined as never })).toThrow(/BOOST_OPTION_INVALID/);
    expect(() => createKVAdapter({ kv: CACHE, cacheTtl: 10 })).toThrow(
      /cacheTtl is 10.*BOOST_OPTION_INVALID/,
    );
  });
});

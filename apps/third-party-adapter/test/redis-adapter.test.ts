import { isBoostError, type BoostError, type CacheAdapter } from '@boost/core';
import { createClient } from 'redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRedisAdapter, type RedisAdapterOptions } from '../src/index.ts';
import { startRedis, type RedisServer } from './support/redis-server.ts';

const hour = { ttlSeconds: 3_600 };

let server: RedisServer;
let client: Awaited<ReturnType<typeof connect>>;
let adapter: CacheAdapter;
let test = 0;

function connect() {
  return createClient({ url: server.url, disableOfflineQueue: true })
    .on('error', () => undefined)
    .connect();
}

async function failureOf(run: Promise<unknown>): Promise<BoostError> {
  const error = await run.then(
    () => new Error('It resolved.'),
    (reason: unknown) => reason,
  );
  if (isBoostError(error)) return error;
  throw error;
}

beforeAll(async () => {
  server = await startRedis();
  client = await connect();
});

afterAll(async () => {
  client.destroy();
  await server.stop();
});

beforeEach(() => {
  adapter = createRedisAdapter({ client, prefix: `test-${String(++test)}:` });
});

describe('Redis as a store', () => {
  it('gives back what was set, in any text', async () => {
    const text = '\ufeffline\r\n\n"quoted" \u{1F600} \u0000 end\r';
    await adapter.set('a', text, hour);
    await adapter.set('empty', '', hour);
    expect(await adapter.getMany(['a', 'empty', 'absent', 'a'])).toEqual(
      new Map([
        ['a', text],
        ['empty', ''],
        ['absent', null],
      ]),
    );
    expect(await adapter.get('a')).toBe(text);
  });

  it('lets a value expire when it should', async () => {
    await adapter.set('a', 'x', { ttlSeconds: 60 });
    const left = await client.ttl(`test-${String(test)}:a`);
    expect(left).toBeGreaterThan(50);
    expect(left).toBeLessThanOrEqual(60);
  });

  it.each([1, 7, 100])('lists in the order of bytes, by pages of %d', async (limit) => {
    const keys = Array.from({ length: 31 }, (_, index) => `k${String(index).padStart(2, '0')}`);
    keys.push('k\uffee', 'k\u{1F600}');
    for (const key of [...keys].reverse()) await adapter.set(key, key, hour);
    await adapter.set('other', '', hour);
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

  it.each(['*', '?', '[a]', '\\', '[^a]', 'a-b'])('takes the prefix %j as text', async (prefix) => {
    await adapter.set(`${prefix}1`, '', hour);
    await adapter.set('a1', '', hour);
    await adapter.set('^1', '', hour);
    expect((await adapter.list(prefix)).keys).toEqual([`${prefix}1`]);
  });

  it('deletes one and many, whether or not they are there', async () => {
    const keys = Array.from({ length: 2_500 }, (_, index) => String(index));
    for (const key of ['0', '1', '2499']) await adapter.set(key, key, hour);
    await adapter.delete('0');
    await adapter.delete('0');
    expect(await adapter.deleteMany(keys)).toEqual({ deleted: 2_500, failed: new Map() });
    expect((await adapter.list('')).keys).toEqual([]);
  });

  it('shows two adapters of one client as the same backend', () => {
    expect(adapter.identity).toBe(createRedisAdapter({ client }).identity);
  });
});

describe('failures', () => {
  it.each([
    ['an empty key', () => adapter.get('')],
    ['a key that is too long', () => adapter.set('x'.repeat(4_097), '', hour)],
    ['no time to live', () => adapter.set('a', '', { ttlSeconds: 0 })],
    ['parts of seconds', () => adapter.set('a', '', { ttlSeconds: 1.5 })],
  ])('refuses %s', async (_, run) => {
    expect((await failureOf(run())).code).toBe('BOOST_STORE_LIMIT');
  });

  it('refuses options that cannot be', async () => {
    expect(() => createRedisAdapter({} as RedisAdapterOptions)).toThrow(/BOOST_OPTION_INVALID/);
    expect((await failureOf(adapter.list('', { limit: 0 }))).code).toBe('BOOST_OPTION_INVALID');
  });

  it('does not begin what was aborted', async () => {
    const signal = AbortSignal.abort(new DOMException('too long', 'TimeoutError'));
    expect((await failureOf(adapter.set('a', 'x', { ...hour, signal }))).code).toBe(
      'BOOST_STORE_TIMEOUT',
    );
    expect(await adapter.get('a')).toBeNull();
  });

  it('gives up with its caller, but not an epoch', async () => {
    server.pause();
    const controller = new AbortController();
    const { signal } = controller;
    const read = failureOf(adapter.get('a', { signal }));
    const epoch = adapter.set('e', 'nonce', { ...hour, signal, authoritative: true });
    controller.abort(new DOMException('too long', 'TimeoutError'));
    expect((await read).code).toBe('BOOST_STORE_TIMEOUT');
    server.resume();
    await expect(epoch).resolves.toBeUndefined();
    expect(await adapter.get('e')).toBe('nonce');
  });

  it('tells what Redis refused', async () => {
    await client.configSet('maxmemory', '1');
    const error = await failureOf(adapter.set('a', 'x', hour));
    await client.configSet('maxmemory', '0');
    expect(error).toMatchObject({ code: 'BOOST_STORE_FAILED', details: { operation: 'set' } });
    expect(String(error.cause)).toContain('OOM');
  });

  it('fails where there is no connection', async () => {
    const gone = await connect();
    gone.destroy();
    const lost = createRedisAdapter({ client: gone });
    expect((await failureOf(lost.get('a'))).code).toBe('BOOST_STORE_FAILED');
    const { deleted, failed } = await lost.deleteMany(['a', 'b']);
    expect(deleted).toBe(0);
    expect([...failed.keys()]).toEqual(['a', 'b']);
  });
});

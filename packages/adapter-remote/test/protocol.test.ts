import { describe, expect, it } from 'vitest';
import { success } from './support/api-double.js';
import { startDouble } from './support/connect.js';
import { failureOf } from './support/failures.js';

const hour = { ttlSeconds: 3_600 };

describe('requests', () => {
  it('percent-encode keys and carry what KV counts seconds in', async () => {
    const { api, connect } = await startDouble();
    const adapter = connect({ namespace: 'ns' });
    await adapter.set('a/b%20 ü', 'v', { ttlSeconds: 61 });
    await adapter.delete('a/b%20 ü');
    expect(api.log).toEqual([
      'PUT values/ns%3Aa%2Fb%2520%20%C3%BC?expiration_ttl=61',
      'DELETE values/ns%3Aa%2Fb%2520%20%C3%BC',
    ]);
  });

  it('read an entry and its epochs in one', async () => {
    const { api, connect } = await startDouble();
    await connect().getMany(Array.from({ length: 100 }, (_, index) => `k${String(index)}`));
    expect(api.log).toEqual(['POST bulk/get']);
  });

  it('write as many keys as the API takes', async () => {
    const { api, connect } = await startDouble();
    const adapter = connect();
    const keys = Array.from({ length: 10_001 }, (_, index) => `k${String(index)}`);
    await adapter.setMany(keys.map((key) => ({ key, value: 'v', ...hour })));
    expect(api.store.size).toBe(10_001);
    expect(await adapter.deleteMany(keys)).toEqual({ deleted: 10_001, failed: new Map() });
    expect(api.log).toEqual(['PUT bulk', 'PUT bulk', 'POST bulk/delete', 'POST bulk/delete']);
  });

  it('store the last of two entries with one key', async () => {
    const { connect } = await startDouble();
    const adapter = connect({ namespace: 'ns' });
    const entry = (key: string, value: string) => ({ key, value, ...hour });
    expect(await adapter.setMany([entry('k', 'first'), entry('ns:k', 'last')])).toMatchObject({
      stored: 1,
    });
    expect(await adapter.get('k')).toBe('last');
  });
});

describe('answers', () => {
  it('that are too large are asked for in parts', async () => {
    const { api, connect } = await startDouble();
    const adapter = connect();
    const keys = ['a', 'b', 'c', 'd', 'e'];
    for (const key of keys) await adapter.set(key, key.repeat(100), hour);
    api.maxBulkReadBytes = 250;
    expect([...(await adapter.getMany(keys))]).toEqual(
      expect.arrayContaining(keys.map((key) => [key, key.repeat(100)])),
    );
    api.maxBulkReadBytes = 50;
    expect(await adapter.get('a')).toBe('a'.repeat(100));
  });

  it('that leave out a key do not make it absent', async () => {
    const { api, connect } = await startDouble();
    const adapter = connect();
    api.omitsAbsent = true;
    await adapter.set('a', '1', hour);
    api.faults.push(() => success({ values: {} }));
    expect(await adapter.getMany(['a', 'b'])).toEqual(
      new Map([
        ['a', '1'],
        ['b', null],
      ]),
    );
    expect(await adapter.getWithMetadata('b')).toBeNull();
  });

  it('give a value with its metadata', async () => {
    const { connect } = await startDouble();
    const adapter = connect();
    await adapter.set('a', '1', { ...hour, metadata: { x: [1] } });
    await adapter.set('b', '2', hour);
    expect(await adapter.getWithMetadata('a')).toEqual({ value: '1', metadata: { x: [1] } });
    expect(await adapter.getWithMetadata('b')).toEqual({ value: '2', metadata: null });
    expect(await adapter.getWithMetadata('c')).toBeNull();
  });

  it('that are empty pages do not end a list', async () => {
    const { api, connect } = await startDouble();
    await connect().set('a', '1', hour);
    api.faults.push(() => success([], { count: 0, cursor: 'opaque-0' }));
    expect((await connect().list('')).keys).toEqual(['a']);
  });

  it('that point to themselves do not make a list endless', async () => {
    const { api, connect } = await startDouble();
    const again = () => success([], { count: 0, cursor: 'opaque-0' });
    api.faults.push(again, again);
    expect((await failureOf(connect({ maxRetries: 0 }).list(''))).code).toBe('BOOST_STORE_FAILED');
  });

  it('that are no text are no value', async () => {
    const { api, connect } = await startDouble();
    api.store.set('a', { bytes: new Uint8Array([0xff, 0xfe]) });
    api.omitsAbsent = true;
    api.faults.push(() => success({ values: {} }));
    expect((await failureOf(connect({ maxRetries: 0 }).get('a'))).code).toBe('BOOST_STORE_FAILED');
  });
});

describe('what KV would refuse is not sent', () => {
  it.each([
    ['an empty key', ''],
    ['a key that is a folder', '..'],
    ['the namespace alone', 'ns:'],
    ['a key of more bytes than KV takes beside the namespace', 'ä'.repeat(255)],
    ['half a surrogate pair as key', 'a\ud800'],
  ])('%s', async (_, key) => {
    const { api, connect } = await startDouble();
    const adapter = connect({ namespace: 'ns' });
    expect(adapter.capabilities.maxKeyBytes).toBe(509);
    expect((await failureOf(adapter.get(key))).code).toBe('BOOST_STORE_LIMIT');
    expect((await failureOf(adapter.set(key, 'v', hour))).code).toBe('BOOST_STORE_LIMIT');
    expect((await failureOf(adapter.delete(key))).code).toBe('BOOST_STORE_LIMIT');
    const { deleted, failed } = await adapter.deleteMany([key]);
    expect(deleted).toBe(0);
    expect(failed.get(key)).toMatchObject({ code: 'BOOST_STORE_LIMIT' });
    expect(api.log).toEqual([]);
  });

  it.each([
    ['more than 25 MiB', 'x'.repeat(25 * 1024 * 1024 + 1), hour],
    ['half a surrogate pair', '\udc00', hour],
    ['a byte order mark, which bulk reads may drop', '\ufeffa', hour],
    ['less than a minute to live', 'v', { ttlSeconds: 59 }],
    ['parts of seconds to live', 'v', { ttlSeconds: 60.5 }],
    ['metadata of more than 1,024 bytes', 'v', { ...hour, metadata: 'x'.repeat(1_023) }],
    ['metadata that is no JSON', 'v', { ...hour, metadata: () => 0 }],
  ])('%s', async (_, value, options) => {
    const { api, connect } = await startDouble();
    const entry = { key: 'k', value, ...options };
    expect((await failureOf(connect().set('k', value, options))).code).toBe('BOOST_STORE_LIMIT');
    expect((await failureOf(connect().setMany([entry]))).code).toBe('BOOST_STORE_LIMIT');
    expect(api.log).toEqual([]);
  });

  it.each([
    ['a limit of 0', { limit: 0 }],
    ['half a limit', { limit: 1.5 }],
    ['a foreign cursor', { cursor: 'opaque' }],
    ['a cursor of another shape', { cursor: '[1]' }],
    ['a cursor that is no list', { cursor: '{}' }],
  ])('%s', async (_, options) => {
    const { api, connect } = await startDouble();
    expect((await failureOf(connect().list('', options))).code).toBe('BOOST_OPTION_INVALID');
    expect(api.log).toEqual([]);
  });
});

import { testAdapter } from '@boost/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryAdapter } from '../src/adapters.js';

const hour = { ttlSeconds: 3_600 };

describe('the memory of an isolate', () => {
  it('drops what was used longest ago when it is full', async () => {
    const adapter = createMemoryAdapter({ maxBytes: 60 });
    // 20 bytes each.
    for (const key of ['a', 'b', 'c']) await adapter.set(key, 'x'.repeat(9), hour);
    adapter.getNow?.('a');
    await adapter.set('d', 'x'.repeat(9), hour);
    expect((await adapter.list('')).keys).toEqual(['a', 'c', 'd']);
    await adapter.set('a', 'x'.repeat(19), hour);
    expect((await adapter.list('')).keys).toEqual(['a', 'd']);
  });

  it('refuses what would not fit at all', async () => {
    const adapter = createMemoryAdapter({ maxBytes: 60 });
    expect(adapter.capabilities.maxValueBytes).toBe(30);
    await expect(adapter.set('a', 'x'.repeat(31), hour)).rejects.toMatchObject({
      code: 'BOOST_STORE_LIMIT',
    });
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity])('refuses a budget of %s', (maxBytes) => {
    expect(() => createMemoryAdapter({ maxBytes })).toThrow(/maxBytes.*BOOST_OPTION_INVALID/);
  });
});

describe('the contract of a store', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  const adapter = createMemoryAdapter();
  testAdapter(() => adapter, {
    maxKeyBytes: 512,
    maxValueBytes: 32 * 1024 * 1024,
    minTtlSeconds: 0,
    maxKeysPerGet: Number.MAX_SAFE_INTEGER,
    consistency: 'strong',
    shared: false,
    list: true,
    tier: 'memory',
    expiry: { advance: (ms) => void vi.setSystemTime(Date.now() + ms) },
  });
});

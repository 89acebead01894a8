import { describe, expect, it } from 'vitest';
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

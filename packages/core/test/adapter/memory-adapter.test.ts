import { beforeEach, describe, expect, it } from 'vitest';
import type { CacheAdapter } from '../../src/adapter/adapter.js';
import { createMemoryAdapter } from '../../src/adapter/memory-adapter.js';
import { Surroundings } from '../support/surroundings.js';

const hour = { ttlSeconds: 3_600 };

describe('the memory adapter', () => {
  let surroundings: Surroundings;
  let adapter: CacheAdapter;

  beforeEach(() => {
    surroundings = new Surroundings();
    adapter = createMemoryAdapter({ clock: surroundings.ports.clock });
  });

  it('gives back what was set, and null for what was not', async () => {
    await adapter.set('a', '\u{1f600}\u0000', hour);
    expect(await adapter.get('a')).toBe('\u{1f600}\u0000');
    expect(await adapter.getMany(['a', 'b'])).toEqual(
      new Map([
        ['a', '\u{1f600}\u0000'],
        ['b', null],
      ]),
    );
  });

  it('forgets a value when its time is over', async () => {
    await adapter.set('a', 'x', { ttlSeconds: 60 });
    await surroundings.advance(59_999);
    expect(await adapter.get('a')).toBe('x');
    await surroundings.advance(1);
    expect(await adapter.get('a')).toBeNull();
    expect(await adapter.list('')).toEqual({ keys: [] });
  });

  it('lists by prefix in ascending order, page by page', async () => {
    for (const key of ['b:2', 'a:1', 'b:10', 'b:1', 'c']) await adapter.set(key, 'x', hour);
    const first = await adapter.list('b:', { limit: 2 });
    expect(first).toEqual({ keys: ['b:1', 'b:10'], cursor: 'b:10' });
    expect(await adapter.list('b:', { limit: 2, cursor: 'b:10' })).toEqual({ keys: ['b:2'] });
  });

  it('deletes, also what is not there', async () => {
    await adapter.set('a', 'x', hour);
    await adapter.delete('a');
    await adapter.delete('a');
    expect(await adapter.deleteMany(['a', 'b'])).toEqual({ deleted: 2, failed: new Map() });
    expect(await adapter.get('a')).toBeNull();
  });

  it('drops what was used longest ago when it is full', async () => {
    const small = createMemoryAdapter({ clock: surroundings.ports.clock, maxBytes: 60 });
    await small.set('a', 'x'.repeat(9), hour); // 20 bytes
    await small.set('b', 'x'.repeat(9), hour);
    await small.set('c', 'x'.repeat(9), hour);
    await small.get('a');
    await small.set('d', 'x'.repeat(9), hour);
    expect((await small.list('')).keys).toEqual(['a', 'c', 'd']);
    await small.set('a', 'x'.repeat(19), hour); // replaces itself, then there is too much by one
    expect((await small.list('')).keys).toEqual(['a', 'd']);
  });

  it.each([
    ['an empty key', (): Promise<void> => adapter.set('', 'x', hour)],
    ['a key of 513 bytes', (): Promise<void> => adapter.set('k'.repeat(513), 'x', hour)],
    ['a fraction of a second', (): Promise<void> => adapter.set('a', 'x', { ttlSeconds: 0.5 })],
    ['no time at all', (): Promise<void> => adapter.set('a', 'x', { ttlSeconds: 0 })],
    [
      'a value that is too large',
      (): Promise<void> =>
        createMemoryAdapter({ clock: surroundings.ports.clock, maxBytes: 10 }).set(
          'a',
          '\u20ac'.repeat(4),
          hour,
        ),
    ],
  ])('refuses %s', async (_, run) => {
    await expect(run()).rejects.toMatchObject({ code: 'BOOST_STORE_LIMIT' });
  });

  it('does not begin what was aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(adapter.set('a', 'x', { ...hour, signal })).rejects.toMatchObject({
      code: 'BOOST_STORE_TIMEOUT',
    });
    expect(await adapter.get('a')).toBeNull();
  });

  it('refuses a size that is none', () => {
    const { clock } = surroundings.ports;
    expect(() => createMemoryAdapter({ clock, maxBytes: 0 })).toThrow(
      /maxBytes.*BOOST_OPTION_INVALID/,
    );
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import type { CacheAdapter } from '../../src/adapter/adapter.js';
import {
  createMemoryAdapter,
  type MemoryEntries,
  type MemoryEntry,
} from '../../src/adapter/memory-adapter.js';
import { BoostError } from '../../src/error.js';
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

  it('keeps its entries where it is told to, and says how large they are', async () => {
    const sizes = new Map<string, number>();
    const entries = new Map<string, MemoryEntry>();
    const counted: MemoryEntries = {
      get: (key) => entries.get(key),
      set(key, entry, { size }) {
        sizes.set(key, size);
        entries.set(key, entry);
      },
      delete: (key) => entries.delete(key),
      entries: () => entries.entries(),
    };
    const given = createMemoryAdapter({ clock: surroundings.ports.clock, entries: counted });
    await given.set('a', 'x'.repeat(9), hour);
    expect(sizes.get('a')).toBe(20);
    expect((await given.list('')).keys).toEqual(['a']);
    entries.clear();
    expect(await given.get('a')).toBeNull();
  });

  it('deletes what it can, and says what it could not', async () => {
    await adapter.set('a', 'x', hour);
    const { deleted, failed } = await adapter.deleteMany(['a', 'a', '']);
    expect(deleted).toBe(1);
    expect([...failed.keys()]).toEqual(['']);
  });

  it.each([
    ['an empty key', (): Promise<void> => adapter.set('', 'x', hour)],
    ['a key of 513 bytes', (): Promise<void> => adapter.set('k'.repeat(513), 'x', hour)],
    ['a fraction of a second', (): Promise<void> => adapter.set('a', 'x', { ttlSeconds: 0.5 })],
    ['no time at all', (): Promise<void> => adapter.set('a', 'x', { ttlSeconds: 0 })],
    [
      'a value that is too large',
      (): Promise<void> =>
        createMemoryAdapter({ clock: surroundings.ports.clock, maxValueBytes: 10 }).set(
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

  it('rejects with the reason of the abortion where it is an error of ours', async () => {
    const reason = new BoostError('BOOST_STORE_TIMEOUT', 'too late');
    await expect(adapter.get('a', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('refuses a list of no keys', async () => {
    await expect(adapter.list('', { limit: 0 })).rejects.toMatchObject({
      code: 'BOOST_OPTION_INVALID',
    });
  });
});

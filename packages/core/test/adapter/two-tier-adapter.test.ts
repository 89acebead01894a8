import { beforeEach, describe, expect, it } from 'vitest';
import type { CacheAdapter, CacheTier } from '../../src/adapter/adapter.js';
import { createMemoryAdapter } from '../../src/adapter/memory-adapter.js';
import {
  createTwoTierAdapter,
  type TwoTierAdapterOptions,
} from '../../src/adapter/two-tier-adapter.js';
import { encodeResult } from '../../src/codec/encoded-result.js';
import { sealEntry } from '../../src/codec/entry.js';
import { Surroundings } from '../support/surroundings.js';

const hour = { ttlSeconds: 3_600 };

let surroundings: Surroundings;
let l1: CacheAdapter;
let l2: CacheAdapter;

beforeEach(() => {
  surroundings = new Surroundings();
  l1 = memory();
  l2 = memory(true);
});

function memory(shared = false): CacheAdapter {
  return createMemoryAdapter({ clock: surroundings.ports.clock, shared });
}

function tiers(options: Partial<TwoTierAdapterOptions> = {}): CacheAdapter {
  return createTwoTierAdapter({ clock: surroundings.ports.clock, l1, l2, ...options });
}

function entry(leftSeconds: number): string {
  const now = surroundings.nowMs;
  const staleUntilMs = now + leftSeconds * 1_000;
  const times = { startMs: now, endMs: now };
  const head = { digest: 'd', tenant: '', stamp: [], times, freshUntilMs: now, staleUntilMs };
  return sealEntry(head, encodeResult({ id: 1 }));
}

function inTier(adapter: CacheAdapter, tier: CacheTier): CacheAdapter {
  return replaced(adapter, 'capabilities', { ...adapter.capabilities, tier });
}

/** The adapter with one method that fails. */
function failing(adapter: CacheAdapter, method: keyof CacheAdapter): CacheAdapter {
  return replaced(adapter, method, () => Promise.reject(new Error('boom')));
}

function replaced(adapter: CacheAdapter, member: keyof CacheAdapter, by: unknown): CacheAdapter {
  return new Proxy(adapter, {
    get(target, name) {
      if (name === member) return by;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

describe('two tiers', () => {
  it('answers from L1 without a read of L2', async () => {
    const text = entry(3_600);
    await tiers().set('a', text, hour);
    expect(await tiers({ l2: failing(l2, 'getMany') }).get('a')).toBe(text);
  });

  it('keeps a value in L1 for its share of the time', async () => {
    await tiers().set('a', 'x', hour);
    await surroundings.advance(359_999);
    expect(await l1.get('a')).toBe('x');
    await surroundings.advance(1);
    expect(await l1.get('a')).toBeNull();
    expect(await tiers().get('a')).toBe('x');
  });

  it('writes and reads epochs in L2 alone, whatever L1 says', async () => {
    await tiers().set('epoch', 'new', { ...hour, authoritative: true });
    expect(await l1.get('epoch')).toBeNull();
    await l1.set('epoch', 'old', hour);
    const found = await tiers().getMany(['epoch', 'a'], { authoritative: ['epoch'] });
    expect(found.get('epoch')).toBe('new');
  });

  it('never promotes an epoch', async () => {
    await l2.set('epoch', entry(3_600), hour);
    await tiers().getMany(['epoch'], { authoritative: ['epoch'] });
    expect(await l1.get('epoch')).toBeNull();
  });

  it('does not take an unreadable L2 for an absent epoch', async () => {
    await l1.set('epoch', 'old', hour);
    const read = tiers({ l2: failing(l2, 'getMany') }).getMany(['epoch'], {
      authoritative: ['epoch'],
    });
    await expect(read).rejects.toThrow('boom');
  });

  it('promotes after the answer where a request can be kept alive', async () => {
    const text = entry(3_600);
    await l2.set('a', text, hour);
    const { waitUntil } = surroundings.ports;
    expect(await tiers().get('a', { waitUntil })).toBe(text);
    expect(surroundings.background).toHaveLength(1);
    await Promise.all(surroundings.background);
    expect(await l1.get('a')).toBe(text);
  });

  it('trap: L1 promoting an old L2 value with a fresh TTL', async () => {
    const text = entry(10);
    await l2.set('a', text, hour);
    await surroundings.advance(8_000);
    expect(await tiers({ l1TTLRatio: 1 }).get('a')).toBe(text);
    expect(await l1.get('a')).toBe(text);
    await surroundings.advance(1_999);
    expect(await l1.get('a')).toBe(text);
    await surroundings.advance(1);
    expect(await l1.get('a')).toBeNull();
  });

  it.each([
    ['does not say when it expires', () => 'x'],
    ['is damaged', () => `${entry(3_600)}x`],
    ['has less than a second left', () => entry(0.9)],
  ])('does not promote what %s', async (_, make) => {
    await l2.set('a', make(), hour);
    expect(await tiers().get('a')).not.toBeNull();
    expect(await l1.get('a')).toBeNull();
  });

  it('does not promote where it was told not to', async () => {
    await l2.set('a', entry(3_600), hour);
    await tiers({ promoteOnGet: false }).get('a');
    expect(await l1.get('a')).toBeNull();
  });

  it('deletes in both', async () => {
    await tiers().set('a', 'x', hour);
    await tiers().set('b', 'x', hour);
    await tiers().delete('a');
    expect(await tiers().deleteMany(['b', 'b'])).toEqual({ deleted: 1, failed: new Map() });
    for (const store of [l1, l2]) expect((await store.list('')).keys).toEqual([]);
  });

  it('lets L2 answer where L1 fails, and tells of it', async () => {
    const told: string[] = [];
    const onTierError = (error: unknown, operation: string): void =>
      void told.push(`${operation}: ${String(error)}`);
    await tiers({ l1: failing(l1, 'set') }).set('a', entry(3_600), { ...hour, onTierError });
    expect(await tiers({ l1: failing(l1, 'getMany') }).get('a', { onTierError })).not.toBeNull();
    await l1.delete('a');
    expect(await tiers({ l1: failing(l1, 'set') }).get('a', { onTierError })).not.toBeNull();
    expect(told).toEqual(['set: Error: boom', 'get: Error: boom', 'set: Error: boom']);
  });

  it('fails with L1 where nobody wants to be told', async () => {
    await l2.set('a', 'x', hour);
    await expect(tiers({ l1: failing(l1, 'getMany') }).get('a')).rejects.toThrow('boom');
    await expect(tiers({ l1: failing(l1, 'set') }).set('a', 'x', hour)).rejects.toThrow('boom');
  });

  it('does not ask L2 for a caller who is gone', async () => {
    const signal = AbortSignal.abort();
    const onTierError = (): never => expect.unreachable();
    const read = tiers({ l2: failing(l2, 'getMany') }).get('a', { signal, onTierError });
    await expect(read).rejects.toMatchObject({ code: 'BOOST_STORE_TIMEOUT' });
  });

  it('keeps what L1 cannot take in L2 alone', async () => {
    const small = createMemoryAdapter({ clock: surroundings.ports.clock, maxValueBytes: 3 });
    await tiers({ l1: small }).set('a', 'long', hour);
    expect(await small.get('a')).toBeNull();
    expect(await tiers({ l1: small }).get('a')).toBe('long');
  });

  it('says at once what is in memory, and leaves open what is not', async () => {
    await l2.set('a', entry(3_600), hour);
    const three = tiers({ l2: tiers() });
    expect(three.getNow?.('a')).toBeUndefined();
    await three.get('a');
    expect(three.getNow?.('a')).toBe(await l2.get('a'));
    const distant = replaced(l1, 'getNow', undefined);
    expect(tiers({ l1: distant }).getNow?.('a')).toBeUndefined();
  });

  it('is a tier itself: an epoch goes to the last, an entry to all', async () => {
    const near = memory();
    const three = tiers({ l1: near, l2: tiers() });
    const text = entry(3_600);
    await three.set('epoch', 'e', { ...hour, authoritative: true });
    await l2.set('a', text, hour);
    const found = await three.getMany(['a', 'epoch'], { authoritative: ['epoch'] });
    expect([...found.values()].sort()).toEqual([text, 'e'].sort());
    for (const store of [near, l1]) expect((await store.list('')).keys).toEqual(['a']);
    expect(three.identity).toBe(l2);
    expect(three.capabilities.shared).toBe(true);
  });

  it('notes which of several tiers had a value', async () => {
    const isolate = memory();
    const place: CacheAdapter = inTier(memory(), 'l1');
    const everywhere: CacheAdapter = inTier(memory(true), 'l2');
    const three = tiers({
      l1: isolate,
      l2: tiers({ l1: place, l2: everywhere }),
      promoteOnGet: false,
    });
    const paired = tiers({
      l1: tiers({ l1: isolate, l2: place }),
      l2: everywhere,
      promoteOnGet: false,
    });
    await isolate.set('a', 'x', hour);
    await place.set('b', 'x', hour);
    await everywhere.set('c', 'x', hour);
    for (const adapter of [three, paired]) {
      const answeredBy = new Map<string, CacheTier>();
      await adapter.getMany(['a', 'b', 'c', 'd'], { answeredBy });
      expect(Object.fromEntries(answeredBy)).toEqual({ a: 'memory', b: 'l1', c: 'l2' });
    }
  });

  it('cannot carry epochs where L2 cannot, and is as far away as its farther tier', () => {
    expect(tiers({ l2: memory() }).capabilities).toMatchObject({ shared: false, tier: 'memory' });
    const place = inTier(memory(), 'l1');
    for (const adapter of [tiers({ l1: place, l2: memory() }), tiers({ l2: place })]) {
      expect(adapter.capabilities).toMatchObject({ shared: false, tier: 'l1' });
    }
  });

  it.each([
    { l1TTLRatio: 0 },
    { l1TTLRatio: 1.1 },
    { l1TTLRatio: NaN },
    { l1: undefined as never },
  ])('refuses %o', (options) => {
    expect(() => tiers(options)).toThrow(/BOOST_OPTION_INVALID/);
  });
});

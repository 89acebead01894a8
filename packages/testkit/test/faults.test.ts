import { isBoostError, type CacheAdapter } from '@boost/core';
import { describe, expect, it } from 'vitest';
import {
  createChance,
  withDelays,
  withErrors,
  withLag,
  withLostPuts,
  withNegativeCaching,
  withRateLimits,
  withTornValues,
} from '../src/index.js';
import { memoryStore } from './support/memory.js';

const hour = { ttlSeconds: 3_600 };
const KEYS = Array.from({ length: 60 }, (_, index) => `k${String(index)}`);

async function outcomes(adapter: CacheAdapter): Promise<string> {
  const all: string[] = [];
  for (const key of KEYS) {
    const put = await adapter.set(key, 'value', hour).then(
      () => 'ok',
      (error: unknown) => (isBoostError(error) ? error.code : String(error)),
    );
    const got = await adapter.get(key).catch(() => 'failed');
    all.push(`${put}:${String(got)}`);
  }
  return all.join(' ');
}

const FAULTS: Readonly<Record<string, (adapter: CacheAdapter, seed: number) => CacheAdapter>> = {
  errors: (adapter, seed) => withErrors(adapter, { seed, probability: 0.3 }),
  'rate limits': (adapter, seed) => withRateLimits(adapter, { seed, probability: 0.3 }),
  'lost puts': (adapter, seed) => withLostPuts(adapter, { seed, probability: 0.3 }),
  'torn values': (adapter, seed) => withTornValues(adapter, { seed, probability: 0.3 }),
};

describe.each(Object.entries(FAULTS))('%s', (_, wrap) => {
  it('happen as the seed says, to some calls', async () => {
    const run = (seed: number): Promise<string> => outcomes(wrap(memoryStore().adapter, seed));
    const first = await run(7);
    expect(await run(7)).toBe(first);
    expect(await run(8)).not.toBe(first);
    const well = first.split(' ').filter((outcome) => outcome === 'ok:value').length;
    expect(well).toBeGreaterThan(10);
    expect(well).toBeLessThan(50);
  });
});

describe('a failure', () => {
  it('is of the operations that were named, and does not reach the store', async () => {
    const { adapter } = memoryStore();
    const faulty = withErrors(adapter, { seed: 1, probability: 1, operations: ['set', 'list'] });
    await expect(faulty.set('a', 'x', hour)).rejects.toMatchObject({ code: 'BOOST_STORE_FAILED' });
    await expect(faulty.list('')).rejects.toMatchObject({ code: 'BOOST_STORE_FAILED' });
    expect(await faulty.get('a')).toBeNull();
    await faulty.delete('a');
    expect((await faulty.deleteMany(['a'])).deleted).toBe(1);
  });

  it('says how long to wait', async () => {
    const { adapter } = memoryStore();
    const faulty = withRateLimits(adapter, { seed: 1, probability: 1, retryAfterMs: 1_000 });
    await expect(faulty.get('a')).rejects.toMatchObject({
      code: 'BOOST_STORE_RATE_LIMITED',
      details: { retryAfterMs: 1_000 },
    });
  });
});

describe('what is damaged', () => {
  it('is acknowledged and not there', async () => {
    const { adapter } = memoryStore();
    await withLostPuts(adapter, { seed: 1, probability: 1 }).set('a', 'x', hour);
    expect(await adapter.get('a')).toBeNull();
  });

  it('ends too early', async () => {
    const { adapter } = memoryStore();
    await adapter.set('a', 'the whole value', hour);
    const read = (await withTornValues(adapter, { seed: 1, probability: 1 }).get('a')) ?? '';
    expect('the whole value'.startsWith(read)).toBe(true);
    expect(read).not.toBe('the whole value');
    expect(await withTornValues(adapter, { seed: 1, probability: 1 }).get('b')).toBeNull();
  });
});

it('delays calls so that they overtake each other', async () => {
  const waiting: { readonly delayMs: number; readonly run: () => void }[] = [];
  const timers = {
    set(delayMs: number, run: () => void) {
      waiting.push({ delayMs, run });
      return () => undefined;
    },
  };
  const { adapter } = memoryStore();
  const late = withDelays(adapter, { seed: 3, maxMs: 1_000, timers });
  const puts = KEYS.map((key) => late.set('a', key, hour));
  expect(waiting).toHaveLength(KEYS.length);
  expect(await adapter.get('a')).toBeNull();
  waiting.sort((a, b) => a.delayMs - b.delayMs);
  for (const { run } of waiting) run();
  await Promise.all(puts);
  const last = KEYS.at(-1);
  expect(await adapter.get('a')).not.toBe(last);
  expect(Math.max(...waiting.map(({ delayMs }) => delayMs))).toBeLessThanOrEqual(1_000);
});

describe('a data centre', () => {
  it('answers from its copy until that is too old, and sees its own writes', async () => {
    const { adapter, clock, advance } = memoryStore();
    const here = withLag(adapter, { seed: 1, clock, maxLagMs: 60_000 });
    const there = withLag(adapter, { seed: 2, clock, maxLagMs: 60_000 });
    await here.set('a', 'old', hour);
    expect(await there.get('a')).toBe('old');
    await here.set('a', 'new', hour);
    expect(await here.get('a')).toBe('new');
    expect(await there.get('a')).toBe('old');
    advance(60_000);
    expect(await there.get('a')).toBe('new');
    await there.delete('a');
    expect(await there.get('a')).toBeNull();
    expect(await here.get('b')).toBeNull();
    await adapter.set('b', 'x', hour);
    expect(await here.get('b')).toBe('x');
    expect(here.identity).not.toBe(there.identity);
  });

  it('remembers what was not there', async () => {
    const { adapter, clock, advance } = memoryStore();
    const here = withNegativeCaching(adapter, { clock, forMs: 60_000 });
    expect(await here.get('a')).toBeNull();
    await adapter.set('a', 'x', hour);
    advance(59_999);
    expect(await here.get('a')).toBeNull();
    advance(1);
    expect(await here.get('a')).toBe('x');
    await adapter.set('a', 'y', hour);
    expect(await here.get('a')).toBe('y');
    await here.deleteMany(['a']);
    expect(await here.get('a')).toBeNull();
    await here.set('a', 'z', hour);
    expect(await here.get('a')).toBe('z');
  });
});

it('chance never and always happens where it is told to', () => {
  const chance = createChance(1);
  const throws = Array.from({ length: 1_000 }, () => chance.happens(1) && !chance.happens(0));
  expect(new Set(throws)).toEqual(new Set([true]));
});

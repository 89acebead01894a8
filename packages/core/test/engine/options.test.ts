import { describe, expect, it } from 'vitest';
import { createMemoryAdapter } from '../../src/adapter/memory-adapter.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { checkTags, lifetimeOf } from '../../src/engine/strategy.js';
import { MAX_ENTRY_SECONDS } from '../../src/policy/lifetime.js';
import { shop } from '../support/database.js';
import { Surroundings } from '../support/surroundings.js';

const { ports } = new Surroundings();
const adapter = createMemoryAdapter({ clock: ports.clock });

function make(options: Record<string, unknown>): () => unknown {
  const given = { ports, schema: shop, adapter, version: 'v1', makeDecimal: String, ...options };
  return () => createEngine(given);
}

describe('an engine’s options', () => {
  it.each([
    [{ version: '' }, /version is ""/],
    [{ version: undefined }, /version is undefined/],
    [{ tier: 'enterprise' }, /accountTier is "enterprise": give one of free, pro/],
    [{ defaultTTL: -1 }, /defaultTTL is -1: give a number of seconds, 0 or more/],
    [{ defaultTTL: Number.NaN }, /defaultTTL/],
    [{ defaultSWR: Infinity }, /defaultSWR/],
    [{ operationTimeout: 0 }, /operationTimeout is 0: give a number of milliseconds, 1 or more/],
    [{ coalesceTimeout: 0 }, /coalesceTimeout/],
    [{ writeDeadline: '10' }, /writeDeadline is "10"/],
    [{ transactions: 'some' }, /transactions is "some"/],
    [{ databaseId: '' }, /databaseId/],
    [{ prefix: 'with blank' }, /prefix "with blank"/],
    [{ prefix: 'x'.repeat(65) }, /prefix/],
    [{ adapter: undefined }, /adapter is undefined/],
    [{ adapter: { get: () => null } }, /adapter is object/],
  ])('%j are refused when they are given', (options, message) => {
    expect(make(options)).toThrow(message);
    expect(make(options)).toThrow(expect.objectContaining({ code: 'BOOST_OPTION_INVALID' }));
  });

  it('name a model that the schema has as shared', () => {
    expect(make({ sharedModels: ['Nothing'] })).toThrow(
      expect.objectContaining({ code: 'BOOST_MODEL_UNKNOWN' }),
    );
    expect(make({ sharedModels: ['Country', 'Zone'] })).not.toThrow();
  });
});

describe('a cache strategy', () => {
  const defaults = { ttlSeconds: 300, swrSeconds: 0 };

  it('takes what it leaves open from the options', () => {
    expect(lifetimeOf({}, defaults)).toEqual({ ttlSeconds: 300, swrSeconds: 0 });
    expect(lifetimeOf({ ttl: 5, swr: 7 }, defaults)).toEqual({ ttlSeconds: 5, swrSeconds: 7 });
  });

  it('is cut to the longest life of an entry, the stale window included', () => {
    const cut = lifetimeOf({ ttl: MAX_ENTRY_SECONDS - 10, swr: 100 }, defaults);
    expect(cut).toEqual({ ttlSeconds: MAX_ENTRY_SECONDS - 10, swrSeconds: 10 });
    expect(lifetimeOf({ ttl: Infinity, swr: 1 }, defaults)).toEqual({
      ttlSeconds: MAX_ENTRY_SECONDS,
      swrSeconds: 0,
    });
  });

  it.each([{ ttl: -1 }, { ttl: Number.NaN }, { swr: -0.5 }, { ttl: '60' as unknown as number }])(
    '%j is refused',
    (strategy) => {
      expect(() => lifetimeOf(strategy, defaults)).toThrow(
        expect.objectContaining({ code: 'BOOST_STRATEGY_INVALID' }),
      );
    },
  );

  it.each([[['']], [['a b']], [['ü']], [['x'.repeat(65)]], [['a', 'b', 'c', 'd', 'e', 'f']]])(
    'with the tags %j is refused',
    (tags) => {
      expect(() => checkTags(tags)).toThrow(
        expect.objectContaining({ code: 'BOOST_STRATEGY_INVALID' }),
      );
    },
  );

  it('names each tag once', () => {
    expect(checkTags(['home', 'home', 'A_1'])).toEqual(['home', 'A_1']);
    expect(checkTags(undefined)).toEqual([]);
  });
});

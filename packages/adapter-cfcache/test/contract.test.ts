import { createKVAdapter } from '@boost/adapter-kv';
import { createMemoryAdapter, createTwoTierAdapter } from '@boost/core';
import { testAdapter, type Expiry, type TestCapabilities } from '@boost/testkit';
import { env } from 'cloudflare:workers';
import { afterEach, describe, vi } from 'vitest';
import { createCFCacheAdapter } from '../src/index.js';

const { CACHE } = env as unknown as { CACHE: KVNamespace };
const realNow = Date.now.bind(Date);
const clock = { now: () => Date.now() };
const cfcache = () => createCFCacheAdapter({ baseUrl: 'https://cache.example.com/contract' });
const kv = () => createKVAdapter({ kv: CACHE });
const memory = createMemoryAdapter({ clock });

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the Cache API', () => {
  let movedMs = 0;
  const expiry: Expiry = {
    // The cache's own time goes on as it does: what it still keeps must not be answered.
    advance(ms) {
      movedMs += ms;
      vi.spyOn(Date, 'now').mockImplementation(() => realNow() + movedMs);
    },
  };
  afterEach(() => void (movedMs = 0));
  testAdapter(cfcache, {
    maxKeyBytes: 512,
    maxValueBytes: 25 * 1024 * 1024,
    minTtlSeconds: 1,
    maxKeysPerGet: 1,
    consistency: 'eventual',
    shared: false,
    list: false,
    tier: 'l1',
    expiry,
    breakStore() {
      const broken = vi.spyOn(caches, 'open').mockRejectedValue(new Error('no cache'));
      return () => broken.mockRestore();
    },
  });
});

const tiered: TestCapabilities = {
  maxKeyBytes: 512,
  maxValueBytes: 25 * 1024 * 1024,
  minTtlSeconds: 60,
  maxKeysPerGet: 100,
  consistency: 'eventual',
  shared: true,
  list: true,
  tier: 'l2',
  expiry: {
    async secondsLeft(key) {
      const { keys } = await CACHE.list({ prefix: key });
      const expiration = keys.find(({ name }) => name === key)?.expiration;
      return expiration === undefined ? null : expiration - Date.now() / 1_000;
    },
  },
};

describe('the Cache API in front of KV', () => {
  testAdapter(() => createTwoTierAdapter({ clock, l1: cfcache(), l2: kv() }), tiered);
});

describe('memory in front of the Cache API in front of KV', () => {
  testAdapter(
    () =>
      createTwoTierAdapter({
        clock,
        l1: memory,
        l2: createTwoTierAdapter({ clock, l1: cfcache(), l2: kv() }),
      }),
    tiered,
  );
});

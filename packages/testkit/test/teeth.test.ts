import { createMemoryAdapter, createTwoTierAdapter, type CacheAdapter } from '@boost/core';
import { expect, test } from 'vitest';
import type { TestCapabilities } from '../src/index.js';
import { CONTRACT } from '../src/contract/index.js';
import { passing } from '../src/faults/faulty-operation.js';
import { Trial } from '../src/trial.js';
import { memoryStore } from './support/memory.js';

/** The titles of the rules that an adapter breaks. */
async function broken(
  make: () => CacheAdapter,
  capabilities: TestCapabilities,
): Promise<readonly string[]> {
  const titles: string[] = [];
  for (const [subject, rules] of Object.entries(CONTRACT)) {
    for (const { title, appliesTo, check } of rules) {
      if (appliesTo?.(capabilities) === false) continue;
      const trial = await Trial.begin(make, capabilities);
      await check(trial).catch(() => titles.push(`${subject}: ${title}`));
    }
  }
  return titles;
}

type Mutant = (adapter: CacheAdapter) => Partial<CacheAdapter>;

/** Mistakes that adapters make, and the rule that each has to be caught by. */
const MUTANTS: Readonly<Record<string, readonly [rule: RegExp, Mutant]>> = {
  'forgets the time to live': [
    /time to live: is kept$/,
    (adapter) => ({
      set: (key, value, options) => adapter.set(key, value, { ...options, ttlSeconds: 10 ** 9 }),
    }),
  ],
  'keeps the time to live of the first value': [
    /time to live: is that of the last value/,
    (adapter) => {
      const lives = new Map<string, number>();
      return {
        set(key, value, options) {
          const ttlSeconds = lives.get(key) ?? options.ttlSeconds;
          lives.set(key, ttlSeconds);
          return adapter.set(key, value, { ...options, ttlSeconds });
        },
      };
    },
  ],
  'takes milliseconds for seconds': [
    /time to live: is kept$/,
    (adapter) => ({
      set: (key, value, options) =>
        adapter.set(key, value, { ...options, ttlSeconds: Math.ceil(options.ttlSeconds / 1_000) }),
    }),
  ],
  'takes any time to live': [
    /time to live: is refused/,
    (adapter) => ({
      set: (key, value, options) =>
        adapter.set(key, value, {
          ...options,
          ttlSeconds: Math.max(1, Math.ceil(options.ttlSeconds || 1)),
        }),
    }),
  ],
  'takes an empty value for none': [
    /come back as they were: no text at all/,
    (adapter) => ({
      getMany: async (keys, options) =>
        new Map(
          [...(await adapter.getMany(keys, options))].map(([key, value]) => [
            key,
            value === '' ? null : value,
          ]),
        ),
    }),
  ],
  'trims values': [/come back as they were: blanks/, mapped((value) => value.trim())],
  'loses a null character': [/control characters/, mapped((value) => value.split('\0')[0] ?? '')],
  'writes one kind of line end': [/line ends/, mapped((value) => value.replaceAll('\r\n', '\n'))],
  'knows 16 bits alone': [
    /four bytes/,
    mapped((value) => value.replace(/[\u{10000}-\u{10ffff}]/gu, '?')),
  ],
  'normalises text': [/composed and decomposed/, mapped((value) => value.normalize('NFC'))],
  'parses what looks like JSON': [
    /looks like nothing/,
    mapped((value) => (value === 'null' ? '' : value)),
  ],
  'cuts long values': [/as long as the store takes/, mapped((value) => value.slice(0, 50_000))],
  'does not tell upper from lower case': [
    /found under its own key/,
    keyed((key) => key.toLowerCase()),
  ],
  'decodes keys': [/found under its own key/, keyed((key) => key.replaceAll('%2F', '/'))],
  'answers with what was asked alone, and forgets what is absent': [
    /given back, and what was not set is null/,
    (adapter) => ({
      getMany: async (keys, options) =>
        new Map([...(await adapter.getMany(keys, options))].filter(([, value]) => value !== null)),
    }),
  ],
  'reads no more than one bulk read takes': [
    /read many at a time/,
    (adapter) => ({
      getMany: async (keys, options) =>
        new Map([
          ...keys.map((key) => [key, null] as const),
          ...(await adapter.getMany(keys.slice(0, 100), options)),
        ]),
    }),
  ],
  'takes a failure for an absent value': [
    /a read of many keys fails/,
    (adapter) => ({
      getMany: (keys, options) =>
        adapter.getMany(keys, options).catch(() => new Map(keys.map((key) => [key, null]))),
    }),
  ],
  'throws what is no error of Boost': [
    /no key at all is refused/,
    (adapter) => ({
      delete: (key, options) =>
        adapter.delete(key, options).catch(() => Promise.reject(new Error('400 Bad Request'))),
    }),
  ],
  'does not check the size of values': [
    /a value that is too large/,
    (adapter) => ({
      set: (key, value, options) => adapter.set(key, value.slice(0, 30_000), options),
    }),
  ],
  'counts deletes twice': [
    /deletes: remove many keys/,
    (adapter) => ({
      deleteMany: async (keys, options) => ({
        ...(await adapter.deleteMany(keys, options)),
        deleted: keys.length,
      }),
    }),
  ],
  'deletes nothing where one key cannot be deleted': [
    /tell what could not be deleted/,
    (adapter) => ({
      async deleteMany(keys, options) {
        for (const key of keys) await adapter.get(key);
        return adapter.deleteMany(keys, options);
      },
    }),
  ],
  'hides what it could not delete': [
    /tell what could not be deleted/,
    (adapter) => ({
      deleteMany: async (keys, options) => ({
        ...(await adapter.deleteMany(keys, options)),
        failed: new Map(),
      }),
    }),
  ],
  'lists in the order of writing': [
    /in the order of bytes, by pages of 100/,
    (adapter) => {
      const written: string[] = [];
      return {
        set(key, value, options) {
          written.push(key);
          return adapter.set(key, value, options);
        },
        async list(prefix, options) {
          const { keys, ...rest } = await adapter.list(prefix, options);
          return { ...rest, keys: keys.sort((a, b) => written.indexOf(a) - written.indexOf(b)) };
        },
      };
    },
  ],
  'lists one page alone': [
    /by pages of 7/,
    (adapter) => ({
      list: async (prefix, options) => ({ keys: (await adapter.list(prefix, options)).keys }),
    }),
  ],
  'lists more than was asked for': [
    /by pages of 1$/,
    (adapter) => ({
      list: (prefix, { limit = 10, ...options } = {}) =>
        adapter.list(prefix, { limit: limit > 0 ? Math.max(limit, 10) : limit, ...options }),
    }),
  ],
  'takes a prefix for a pattern': [
    /every character of a prefix/,
    (adapter) => ({ list: (prefix, options) => adapter.list(prefix.split('*')[0] ?? '', options) }),
  ],
  'goes on with the key that it ended with': [
    /by pages of 1$/,
    (adapter) => ({
      async list(prefix, { cursor, ...options } = {}) {
        const all = (await adapter.list(prefix, { ...options, limit: 10_000 })).keys;
        const { limit = 1_000 } = options;
        if (!(limit > 0 && Number.isInteger(limit))) return adapter.list(prefix, { limit });
        const left = all.filter((key) => cursor === undefined || key >= cursor);
        const keys = left.slice(0, limit);
        const last = keys.at(-1);
        return last === undefined || left.length <= limit ? { keys } : { keys, cursor: last };
      },
    }),
  ],
  'goes on by number of keys': [/go on where keys were deleted/, numbered],
  'lists no keys where none are asked for': [
    /of no keys, or of a part of one/,
    (adapter) => ({
      list: (prefix, options) =>
        (options?.limit ?? 1) > 0 ? adapter.list(prefix, options) : Promise.resolve({ keys: [] }),
    }),
  ],
  'begins what was given up': [
    /given up: are not begun/,
    (adapter) => ({
      set: (key, value, { signal: _, ...options }) => adapter.set(key, value, options),
    }),
  ],
  'deletes what was given up': [
    /to delete many keys delete none/,
    (adapter) => ({ deleteMany: (keys) => adapter.deleteMany(keys) }),
  ],
  'hands out its own map': [
    /a map that belongs to the caller/,
    (adapter) => {
      const answers = new Map<string, Map<string, string | null>>();
      return {
        async getMany(keys, options) {
          const asked = JSON.stringify([keys, options?.signal === undefined]);
          const found = await adapter.getMany(keys, options);
          const answer = answers.get(asked) ?? found;
          answers.set(asked, answer);
          return answer;
        },
      };
    },
  ],
  'has at hand what is deleted': [
    /is at hand only where/,
    (adapter) => {
      const seen = new Map<string, string>();
      return {
        set(key, value, options) {
          seen.set(key, value);
          return adapter.set(key, value, options);
        },
        getNow: (key) => seen.get(key) ?? null,
      };
    },
  ],
  'is a backend of its own each time': [/as the same backend/, () => ({ identity: {} })],
  'says more than it can': [
    /names the store/,
    ({ capabilities }) => ({ capabilities: { ...capabilities, maxKeysPerGet: 1 } }),
  ],
  'mixes values that are written at the same time': [
    /leave one of the values whole/,
    (adapter) => ({
      async set(key, value, options) {
        const half = Math.ceil(value.length / 2);
        const before = (await adapter.get(key).catch(() => null)) ?? '';
        await adapter.set(key, value.slice(0, half) + before.slice(half), options);
        if (value.length < 5_000) await adapter.set(key, value, options);
      },
    }),
  ],
};

function mapped(change: (value: string) => string): Mutant {
  return (adapter) => ({
    set: (key, value, options) => adapter.set(key, change(value), options),
  });
}

function keyed(change: (key: string) => string): Mutant {
  return (adapter) => ({
    set: (key, value, options) => adapter.set(change(key), value, options),
    getMany: async (keys, options) => {
      const found = await adapter.getMany(keys.map(change), options);
      return new Map(keys.map((key) => [key, found.get(change(key)) ?? null]));
    },
  });
}

function numbered(adapter: CacheAdapter): Partial<CacheAdapter> {
  return {
    async list(prefix, { cursor = '0', limit = 1_000 } = {}) {
      if (!(Number.isInteger(limit) && limit > 0)) return adapter.list(prefix, { limit });
      const { keys } = await adapter.list(prefix, { limit: 10_000 });
      const end = Number(cursor) + limit;
      const page = keys.slice(Number(cursor), end);
      return end < keys.length ? { keys: page, cursor: String(end) } : { keys: page };
    },
  };
}

test('the store that they are made of breaks no rule', async () => {
  const { adapter, capabilities } = memoryStore();
  expect(await broken(() => passing(adapter, {}), capabilities)).toEqual([]);
});

test.each(Object.entries(MUTANTS))('an adapter that %s is caught', async (_, [rule, mutate]) => {
  const { adapter, capabilities } = memoryStore();
  const titles = await broken(() => passing(adapter, mutate(adapter)), capabilities);
  expect(titles.join('\n')).toMatch(new RegExp(rule.source, 'm'));
});

test('tiers that keep epochs near are caught', async () => {
  const { clock, adapter, capabilities } = memoryStore();
  const make = (): CacheAdapter => {
    const tiers = createTwoTierAdapter({ clock, l1: createMemoryAdapter({ clock }), l2: adapter });
    return passing(tiers, {
      // It forgets to say which of the keys are epochs.
      getMany: (keys, { authoritative: _, ...options } = {}) => tiers.getMany(keys, options),
    });
  };
  const titles = await broken(make, { ...capabilities, consistency: 'eventual' });
  expect(titles).toEqual(['epochs: are never answered by a nearer tier']);
});

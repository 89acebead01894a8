import { expect } from 'vitest';
import { expectFailure, expectStoreFailure } from '../expectations.js';
import type { Rule, Trial } from '../trial.js';

const hasLists: NonNullable<Rule['appliesTo']> = ({ list }) => list;

/** All pages of a list. */
async function listed(trial: Trial, prefix: string, limit: number): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await trial.adapter.list(prefix, {
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    });
    expect(page.keys.length).toBeLessThanOrEqual(limit);
    found.push(...page.keys);
    // Else a list that does not go on would never end.
    expect(new Set(found).size, 'a key was listed twice').toBe(found.length);
    if (page.cursor !== undefined) expect(page.cursor).not.toBe(cursor);
    ({ cursor } = page);
  } while (cursor !== undefined);
  return found;
}

async function storeKeys(trial: Trial, keys: readonly string[]): Promise<void> {
  await trial.store(Object.fromEntries(keys.map((key) => [key, 'x'])));
}

export const lists: readonly Rule[] = [
  {
    title: 'give nothing where there is nothing',
    appliesTo: hasLists,
    async check(trial) {
      const { keys, cursor } = await trial.adapter.list(trial.key('none'));
      expect({ keys, cursor }).toEqual({ keys: [], cursor: undefined });
    },
  },
  ...[1, 7, 10, 100].map((limit): Rule => ({
    title: `give every key once, in the order of bytes, by pages of ${limit}`,
    appliesTo: hasLists,
    async check(trial) {
      const names = [
        'a-',
        'a',
        'a!',
        'a/1',
        'a/10',
        'a/2',
        'A',
        'aa',
        'b',
        'a~',
        'a_',
        'Z',
        '0',
        '10',
        '2',
      ];
      const keys = names.map((name) => trial.key(`in:${name}`));
      // In no order of their own.
      await storeKeys(trial, [...keys, trial.key('ino'), trial.key('in')]);
      const found = await listed(trial, trial.key('in:'), limit);
      // ASCII: the order of code units is that of bytes.
      expect(found).toEqual([...keys].sort((a, b) => (a < b ? -1 : 1)));
    },
  })),
  {
    title: 'go on where keys were deleted meanwhile',
    appliesTo: hasLists,
    async check(trial) {
      const keys = trial.keys(12);
      await storeKeys(trial, keys);
      const first = await trial.adapter.list(trial.key(''), { limit: 3 });
      expect(first.keys).toEqual(keys.slice(0, 3));
      await trial.adapter.deleteMany(keys.slice(1, 4));
      await trial.settle();
      const { cursor = '' } = first;
      const next = await trial.adapter.list(trial.key(''), { limit: 3, cursor });
      expect(next.keys).toEqual(keys.slice(4, 7));
    },
  },
  {
    title: 'take every character of a prefix as it is',
    appliesTo: hasLists,
    async check(trial) {
      const prefixes = [
        '*',
        '?',
        '[a]',
        '[^a]',
        '\\',
        '%',
        '_',
        'a-b',
        '.',
        '^',
        '$',
        '(a|b)',
        '+',
      ];
      await storeKeys(trial, [
        trial.key('a1'),
        trial.key('x'),
        ...prefixes.map((prefix) => trial.key(`${prefix}1`)),
      ]);
      for (const prefix of prefixes) {
        const given = trial.key(prefix);
        expect((await trial.adapter.list(given)).keys, prefix).toEqual([`${given}1`]);
      }
    },
  },
  {
    title: 'leave out what was deleted',
    appliesTo: hasLists,
    async check(trial) {
      const keys = trial.keys(3);
      await storeKeys(trial, keys);
      await trial.adapter.delete(keys[1] ?? '');
      await trial.settle();
      expect((await trial.adapter.list(trial.key(''))).keys).toEqual([keys[0], keys[2]]);
    },
  },
  {
    title: 'of no keys, or of a part of one, are refused',
    appliesTo: hasLists,
    async check({ adapter }) {
      for (const limit of [0, -1, 1.5, Number.NaN]) {
        await expectFailure(adapter.list('', { limit }), 'BOOST_OPTION_INVALID');
      }
    },
  },
  {
    title: 'reject where the store has none',
    appliesTo: ({ list }) => !list,
    async check({ adapter }) {
      await expectStoreFailure(adapter.list(''));
    },
  },
];

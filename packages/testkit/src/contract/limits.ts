import { expect } from 'vitest';
import { expectFailure, expectStoreFailure } from '../expectations.js';
import type { Rule } from '../trial.js';

/** A store that takes more is not tried at its limit: it would take the memory of the tests. */
const MOST_BYTES = 32 * 1024 * 1024;

export const limits: readonly Rule[] = [
  {
    title: 'a key as long as the store takes is taken, and the next is not',
    async check(trial) {
      const { longKey } = trial;
      const longest = longKey.slice(0, -1);
      await trial.store({ [longest]: 'x' });
      expect(await trial.adapter.get(longest)).toBe('x');
      const { adapter, long } = trial;
      await expectFailure(adapter.set(longKey, 'x', long), 'BOOST_STORE_LIMIT');
      await expectFailure(adapter.get(longKey), 'BOOST_STORE_LIMIT');
      await expectFailure(adapter.delete(longKey), 'BOOST_STORE_LIMIT');
    },
  },
  {
    title: 'a key is measured in bytes',
    async check(trial) {
      const key = trial.key('\u20ac'.repeat(Math.ceil(trial.capabilities.maxKeyBytes / 3)));
      await expectFailure(trial.adapter.set(key, 'x', trial.long), 'BOOST_STORE_LIMIT');
    },
  },
  {
    title: 'no key at all is refused',
    async check({ adapter, long }) {
      await expectFailure(adapter.set('', 'x', long), 'BOOST_STORE_LIMIT');
      await expectFailure(adapter.get(''), 'BOOST_STORE_LIMIT');
      await expectFailure(adapter.delete(''), 'BOOST_STORE_LIMIT');
    },
  },
  {
    title: 'a read of many keys fails where one of them cannot be read',
    async check(trial) {
      const key = trial.key('a');
      await trial.store({ [key]: 'x' });
      await expectFailure(trial.adapter.getMany([key, trial.longKey]), 'BOOST_STORE_LIMIT');
    },
  },
  {
    title: 'a value that is too large is refused, measured in bytes, and not shown',
    appliesTo: ({ maxValueBytes }) => maxValueBytes <= MOST_BYTES,
    async check(trial) {
      const { adapter, capabilities, long } = trial;
      const key = trial.key('a');
      const euros = '\u20ac'.repeat(Math.ceil((capabilities.maxValueBytes + 1) / 3));
      for (const value of ['y'.repeat(capabilities.maxValueBytes + 1), euros]) {
        const error = await expectStoreFailure(adapter.set(key, value, long));
        expect(error.code).toBe('BOOST_STORE_LIMIT');
        expect(`${error.message} ${JSON.stringify(error.details)}`.length).toBeLessThan(1_000);
      }
      await trial.settle();
      expect(await adapter.get(key)).toBeNull();
    },
  },
];

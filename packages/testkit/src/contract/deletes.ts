import { isBoostError } from '@boost/core';
import { expect } from 'vitest';
import type { Rule } from '../trial.js';

export const deletes: readonly Rule[] = [
  {
    title: 'remove one key, whether or not it is there',
    async check(trial) {
      const [a, b] = [trial.key('a'), trial.key('b')];
      await trial.store({ [a]: 'x', [b]: 'y' });
      await trial.adapter.delete(a);
      await trial.adapter.delete(a);
      await trial.adapter.delete(trial.key('never'));
      await trial.settle();
      expect([...(await trial.adapter.getMany([a, b])).values()]).toEqual([null, 'y']);
    },
  },
  {
    title: 'remove many keys, each counted once, whether or not they are there',
    async check(trial) {
      const [a, b, c] = [trial.key('a'), trial.key('b'), trial.key('c')];
      await trial.store({ [a]: 'x', [b]: 'y', [c]: 'z' });
      const gone = await trial.adapter.deleteMany([a, b, a, trial.key('never')]);
      expect({ deleted: gone.deleted, failed: [...gone.failed] }).toEqual({
        deleted: 3,
        failed: [],
      });
      await trial.settle();
      expect([...(await trial.adapter.getMany([a, b, c])).values()]).toEqual([null, null, 'z']);
    },
  },
  {
    title: 'of no keys do nothing',
    async check({ adapter }) {
      const { deleted, failed } = await adapter.deleteMany([]);
      expect({ deleted, failed: failed.size }).toEqual({ deleted: 0, failed: 0 });
    },
  },
  {
    title: 'of many keys, one at a time',
    async check(trial) {
      const keys = trial.keys(7);
      await trial.store(Object.fromEntries(keys.map((key) => [key, 'x'])));
      const { deleted } = await trial.adapter.deleteMany(keys, { concurrency: 1 });
      expect(deleted).toBe(7);
      await trial.settle();
      expect(new Set((await trial.adapter.getMany(keys)).values())).toEqual(new Set([null]));
    },
  },
  {
    title: 'of many keys tell what could not be deleted, and delete the rest',
    async check(trial) {
      const [a, b] = [trial.key('a'), trial.key('b')];
      await trial.store({ [a]: 'x', [b]: 'y' });
      const { longKey } = trial;
      const { deleted, failed } = await trial.adapter.deleteMany([a, longKey, b]);
      expect(deleted).toBe(2);
      expect([...failed.keys()]).toEqual([longKey]);
      const error = failed.get(longKey);
      expect(isBoostError(error, 'BOOST_STORE_LIMIT'), String(error)).toBe(true);
      await trial.settle();
      expect([...(await trial.adapter.getMany([a, b])).values()]).toEqual([null, null]);
    },
  },
  {
    title: 'let a key be set again',
    async check(trial) {
      const key = trial.key('a');
      await trial.store({ [key]: 'x' });
      await trial.adapter.delete(key);
      await trial.settle();
      await trial.store({ [key]: 'y' });
      expect(await trial.adapter.get(key)).toBe('y');
    },
  },
];

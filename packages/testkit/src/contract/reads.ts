import { expect } from 'vitest';
import type { Rule } from '../trial.js';

const MOST_KEYS = 250;

export const reads: readonly Rule[] = [
  {
    title: 'is given back, and what was not set is null',
    async check(trial) {
      const [a, b] = [trial.key('a'), trial.key('b')];
      await trial.store({ [a]: 'x' });
      expect(await trial.adapter.get(a)).toBe('x');
      expect(await trial.adapter.get(b)).toBeNull();
      expect(await trial.adapter.getMany([a, b])).toEqual(
        new Map([
          [a, 'x'],
          [b, null],
        ]),
      );
    },
  },
  {
    title: 'is seen by another client of the store',
    async check(trial) {
      const key = trial.key('a');
      await trial.store({ [key]: 'x' });
      expect(await (await trial.another()).get(key)).toBe('x');
    },
  },
  {
    title: 'is replaced by what is set later',
    async check(trial) {
      const key = trial.key('a');
      await trial.store({ [key]: 'first' });
      await trial.store({ [key]: 'second' });
      expect(await trial.adapter.get(key)).toBe('second');
    },
  },
  {
    title: 'is found under its own key alone',
    async check(trial) {
      const names = [
        'a',
        'A',
        'a ',
        'a/',
        'a/b',
        'a//b',
        'a%2Fb',
        'a?b',
        'a#b',
        'a+b',
        'a&b',
        'a=b',
        'a\\b',
        'a*',
        '.',
        '..',
        '%',
        '"',
        "'",
        '{}',
        '[a]',
        '__proto__',
      ];
      const pairs = names.map((name) => [trial.key(name), `value of ${name}`] as const);
      await trial.store(Object.fromEntries(pairs));
      expect(await trial.adapter.getMany(pairs.map(([key]) => key))).toEqual(new Map(pairs));
    },
  },
  {
    title: 'is read many at a time, each key once',
    async check(trial) {
      const { maxKeysPerGet } = trial.capabilities;
      const keys = trial.keys(Math.min(MOST_KEYS, maxKeysPerGet * 2 + 30));
      const [first = '', last = ''] = [keys[0], keys.at(-1)];
      await trial.store({ [first]: 'first', [last]: 'last' });
      const given = [...keys, ...keys];
      const values = await trial.adapter.getMany(given);
      expect(values.size).toBe(keys.length);
      expect(given).toHaveLength(keys.length * 2);
      for (const key of keys) {
        expect(values.get(key)).toBe(key === first ? 'first' : key === last ? 'last' : null);
      }
      expect(await trial.adapter.getMany([])).toEqual(new Map());
    },
  },
  {
    title: 'comes in a map that belongs to the caller',
    async check(trial) {
      const key = trial.key('a');
      await trial.store({ [key]: 'x' });
      (await trial.adapter.getMany([key])).set(key, 'changed by the caller');
      expect((await trial.adapter.getMany([key])).get(key)).toBe('x');
    },
  },
  {
    title: 'is at hand only where `get` gives the same',
    async check(trial) {
      const key = trial.key('a');
      const atHand = (): string | null => trial.adapter.getNow?.(key) ?? null;
      expect(atHand()).toBeNull();
      await trial.store({ [key]: 'x' });
      expect([null, 'x']).toContain(atHand());
      await trial.store({ [key]: 'y' });
      expect([null, 'y']).toContain(atHand());
      await trial.adapter.delete(key);
      expect(atHand()).toBeNull();
    },
  },
];

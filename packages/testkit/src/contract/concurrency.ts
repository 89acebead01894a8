import { expect } from 'vitest';
import type { Rule } from '../trial.js';

/** Texts that cannot be mixed without being noticed. */
const TEXTS = Array.from({ length: 8 }, (_, index) => String(index).repeat(5_000));

export const concurrency: readonly Rule[] = [
  {
    title: 'do not disturb each other',
    async check(trial) {
      const keys = trial.keys(40);
      await Promise.all(keys.map((key) => trial.adapter.set(key, `value of ${key}`, trial.long)));
      await trial.settle();
      const found = await Promise.all(keys.map((key) => trial.adapter.get(key)));
      expect(found).toEqual(keys.map((key) => `value of ${key}`));
    },
  },
  {
    title: 'leave one of the values whole where they set the same key',
    async check(trial) {
      const key = trial.key('a');
      const seen: (string | null)[] = [];
      await Promise.all(
        TEXTS.flatMap((text) => [
          trial.adapter.set(key, text, trial.long),
          trial.adapter.get(key).then((value) => void seen.push(value)),
        ]),
      );
      await trial.settle();
      seen.push(await trial.adapter.get(key));
      for (const value of seen) expect(value === null || TEXTS.includes(value)).toBe(true);
      expect(seen.at(-1)).not.toBeNull();
    },
  },
  {
    title: 'that delete the same keys all succeed',
    async check(trial) {
      const keys = trial.keys(6);
      await trial.store(Object.fromEntries(keys.map((key) => [key, 'x'])));
      const results = await Promise.all(
        [keys, keys, keys].map((given) => trial.adapter.deleteMany(given)),
      );
      for (const { deleted, failed } of results) {
        expect({ deleted, failed: [...failed] }).toEqual({ deleted: 6, failed: [] });
      }
      await trial.settle();
      expect(new Set((await trial.adapter.getMany(keys)).values())).toEqual(new Set([null]));
    },
  },
];

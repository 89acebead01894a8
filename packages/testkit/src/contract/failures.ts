import { expect } from 'vitest';
import { expectStoreFailure } from '../expectations.js';
import type { Rule } from '../trial.js';

const SECRET = 'what somebody stored';

export const failures: readonly Rule[] = [
  {
    title: 'are thrown with a code, never taken for an absent value, and tell no value',
    appliesTo: ({ breakStore }) => breakStore !== undefined,
    async check(trial) {
      const { adapter, capabilities, long } = trial;
      const [a, b] = [trial.key('a'), trial.key('b')];
      await trial.store({ [a]: 'x', [b]: 'y' });
      const restore = await capabilities.breakStore?.();
      try {
        const calls: readonly (() => Promise<unknown>)[] = [
          () => adapter.get(a),
          () => adapter.getMany([a, b]),
          () => adapter.set(a, SECRET, long),
          () => adapter.set(a, SECRET, { ...long, authoritative: true }),
          () => adapter.delete(a),
          () => adapter.list(trial.key('')),
        ];
        for (const call of calls) {
          const error = await expectStoreFailure(call());
          expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain(SECRET);
        }
        const failed = await adapter.deleteMany([a, b]).then(
          (result) => [...result.failed.keys()],
          () => [a, b],
        );
        expect(failed).toEqual([a, b]);
      } finally {
        await restore?.();
      }
      expect([...(await adapter.getMany([a, b])).values()]).toEqual(['x', 'y']);
    },
  },
];

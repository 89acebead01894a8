import { expect } from 'vitest';
import type { Expiry } from '../capabilities.js';
import { expectFailure } from '../expectations.js';
import type { Rule, Trial } from '../trial.js';

/** Whether the store keeps a key for so long and not much longer. */
async function expectLife(trial: Trial, key: string, seconds: number): Promise<void> {
  const { expiry } = trial.capabilities;
  if (expiry === null) return;
  if (!isMovable(expiry)) {
    const left = (await expiry.secondsLeft(key)) ?? 0;
    // It was set a moment ago, and stores round to seconds.
    expect(left).toBeGreaterThan(seconds / 2);
    expect(left).toBeLessThanOrEqual(seconds + 1);
    return;
  }
  await expiry.advance((seconds - 1) * 1_000);
  expect(await trial.adapter.get(key)).not.toBeNull();
  await expiry.advance(2_000);
  expect(await trial.adapter.get(key)).toBeNull();
  expect((await trial.adapter.getMany([key])).get(key)).toBeNull();
  expect(trial.adapter.getNow?.(key) ?? null).toBeNull();
  if (trial.capabilities.list) expect((await trial.adapter.list(key)).keys).toEqual([]);
}

function isMovable(expiry: Expiry): expiry is Extract<Expiry, { advance: unknown }> {
  return 'advance' in expiry;
}

const canBeTried: NonNullable<Rule['appliesTo']> = ({ expiry }) => expiry !== null;

export const expiry: readonly Rule[] = [
  {
    title: 'is kept',
    appliesTo: canBeTried,
    async check(trial) {
      const key = trial.key('a');
      const ttlSeconds = Math.max(60, trial.capabilities.minTtlSeconds);
      await trial.adapter.set(key, 'x', { ttlSeconds });
      await trial.settle();
      await expectLife(trial, key, ttlSeconds);
    },
  },
  {
    title: 'is kept where it is the shortest that the store takes',
    appliesTo: canBeTried,
    async check(trial) {
      const key = trial.key('a');
      // Half a second cannot be told from none at all where the store counts seconds.
      const ttlSeconds = Math.max(2, trial.capabilities.minTtlSeconds);
      await trial.adapter.set(key, 'x', { ttlSeconds });
      await trial.settle();
      await expectLife(trial, key, ttlSeconds);
    },
  },
  {
    title: 'is that of the last value, where it is longer and where it is shorter',
    appliesTo: canBeTried,
    async check(trial) {
      const short = Math.max(60, trial.capabilities.minTtlSeconds);
      const [longer, shorter] = [trial.key('longer'), trial.key('shorter')];
      await trial.adapter.set(shorter, 'x', { ttlSeconds: short * 10 });
      await trial.adapter.set(shorter, 'y', { ttlSeconds: short });
      await trial.settle();
      await expectLife(trial, shorter, short);
      await trial.adapter.set(longer, 'x', { ttlSeconds: short });
      await trial.adapter.set(longer, 'y', { ttlSeconds: short * 10 });
      await trial.settle();
      await expectLife(trial, longer, short * 10);
    },
  },
  {
    title: 'is refused where the store does not take it',
    async check(trial) {
      const key = trial.key('a');
      const { minTtlSeconds } = trial.capabilities;
      const refused = [
        0,
        -1,
        0.5,
        60.5,
        Number.NaN,
        ...(minTtlSeconds > 1 ? [minTtlSeconds - 1] : []),
      ];
      for (const ttlSeconds of refused) {
        await expectFailure(trial.adapter.set(key, 'x', { ttlSeconds }), 'BOOST_STORE_LIMIT');
      }
      await trial.settle();
      expect(await trial.adapter.get(key)).toBeNull();
    },
  },
];

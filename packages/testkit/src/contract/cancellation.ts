import { BoostError } from '@boost/core';
import { expect } from 'vitest';
import { expectFailure } from '../expectations.js';
import type { Rule, Trial } from '../trial.js';

/** What the engine gives as the reason when its deadline has passed, and what anybody else may give. */
const REASONS: readonly Error[] = [
  new BoostError('BOOST_STORE_TIMEOUT', 'the deadline has passed'),
  new Error('nobody waits any more'),
];

function aborted(reason: Error): { readonly signal: AbortSignal } {
  return { signal: AbortSignal.abort(reason) };
}

/** A call that is given up while the store has it. */
async function giveUp(
  trial: Trial,
  call: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const restore = await trial.capabilities.hangStore?.();
  try {
    const controller = new AbortController();
    const failed = expectFailure(call(controller.signal), 'BOOST_STORE_TIMEOUT');
    controller.abort(new Error('nobody waits any more'));
    await failed;
  } finally {
    await restore?.();
  }
}

const canHang: NonNullable<Rule['appliesTo']> = ({ hangStore }) => hangStore !== undefined;

export const cancellation: readonly Rule[] = [
  {
    title: 'are not begun',
    async check(trial) {
      const { adapter, long } = trial;
      const [a, b] = [trial.key('a'), trial.key('b')];
      await trial.store({ [a]: 'x' });
      for (const reason of REASONS) {
        const given = aborted(reason);
        await expectFailure(adapter.get(a, given), 'BOOST_STORE_TIMEOUT');
        await expectFailure(adapter.getMany([a, b], given), 'BOOST_STORE_TIMEOUT');
        await expectFailure(adapter.set(b, 'y', { ...long, ...given }), 'BOOST_STORE_TIMEOUT');
        await expectFailure(adapter.delete(a, given), 'BOOST_STORE_TIMEOUT');
      }
      await trial.settle();
      expect([...(await adapter.getMany([a, b])).values()]).toEqual(['x', null]);
    },
  },
  {
    title: 'to list are not begun',
    appliesTo: ({ list }) => list,
    async check({ adapter }) {
      for (const reason of REASONS) {
        await expectFailure(adapter.list('', aborted(reason)), 'BOOST_STORE_TIMEOUT');
      }
    },
  },
  {
    title: 'to delete many keys delete none, and say so',
    async check(trial) {
      const keys = trial.keys(3);
      await trial.store(Object.fromEntries(keys.map((key) => [key, 'x'])));
      for (const reason of REASONS) {
        const failed = await trial.adapter.deleteMany(keys, aborted(reason)).then(
          (result) => [...result.failed.keys()],
          () => keys,
        );
        expect(failed).toEqual(keys);
      }
      await trial.settle();
      expect(new Set((await trial.adapter.getMany(keys)).values())).toEqual(new Set(['x']));
    },
  },
  {
    title: 'to read end with their caller',
    appliesTo: canHang,
    async check(trial) {
      const key = trial.key('a');
      await trial.store({ [key]: 'x' });
      await giveUp(trial, (signal) => trial.adapter.getMany([key], { signal }));
      expect(await trial.adapter.get(key)).toBe('x');
    },
  },
  {
    title: 'to write end with their caller',
    appliesTo: canHang,
    async check(trial) {
      const key = trial.key('a');
      await giveUp(trial, (signal) => trial.adapter.set(key, 'x', { ...trial.long, signal }));
      await trial.store({ [key]: 'y' });
      expect(await trial.adapter.get(key)).toBe('y');
    },
  },
  {
    title: 'to put an epoch fail only where the store has not got it, and will not get it late',
    appliesTo: ({ hangStore, shared }) => hangStore !== undefined && shared,
    async check(trial) {
      const key = trial.key('epoch');
      const controller = new AbortController();
      const restore = await trial.capabilities.hangStore?.();
      const { signal } = controller;
      const put = trial.adapter.set(key, 'nonce', { ...trial.long, signal, authoritative: true });
      const outcome = put.then(
        () => 'nonce',
        () => null,
      );
      controller.abort(new Error('nobody waits any more'));
      await restore?.();
      const expected = await outcome;
      await trial.settle();
      expect(await trial.adapter.get(key)).toBe(expected);
    },
  },
];

import { isBoostError, type BoostError, type BoostErrorCode } from '@boost/core';
import { expect } from 'vitest';

/** What a call rejects with, which has to be an error of Boost's. */
export async function failureOf(call: Promise<unknown>): Promise<BoostError> {
  const outcome = await call.then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  expect(outcome, 'the call resolved where it had to reject').toHaveProperty('error');
  const { error } = outcome as { readonly error: unknown };
  expect(isBoostError(error), `not a BoostError: ${String(error)}`).toBe(true);
  return error as BoostError;
}

export async function expectFailure(call: Promise<unknown>, code: BoostErrorCode): Promise<void> {
  expect((await failureOf(call)).code).toBe(code);
}

/** Rejects with a code of a store. */
export async function expectStoreFailure(call: Promise<unknown>): Promise<BoostError> {
  const error = await failureOf(call);
  expect(error.code).toMatch(/^BOOST_STORE_/);
  return error;
}

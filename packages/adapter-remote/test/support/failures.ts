import { isBoostError, type BoostError } from '@boost/core';

/** The BoostError that the promise rejects with. */
export async function failureOf(run: Promise<unknown>): Promise<BoostError> {
  let result: unknown;
  try {
    result = await run;
  } catch (error) {
    if (isBoostError(error)) return error;
    throw error;
  }
  throw new Error(`It resolved: ${JSON.stringify(result)}`);
}

import { BoostError, type CacheAdapter } from '@boost/core';
import { createChance } from './chance.js';
import { ALL_OPERATIONS, surrounding, type FaultyOperation } from './faulty-operation.js';

export interface FailureOptions {
  readonly seed: number;
  /** Of a call that fails: 0 to 1. */
  readonly probability: number;
  /** @defaultValue all */
  readonly operations?: readonly FaultyOperation[];
}

/** Some calls fail before they reach the store: `BOOST_STORE_FAILED`. */
export function withErrors(adapter: CacheAdapter, options: FailureOptions): CacheAdapter {
  return failing(
    adapter,
    options,
    (operation) =>
      new BoostError('BOOST_STORE_FAILED', `The store failed to ${operation}, on purpose`, {
        details: { store: adapter.name, operation },
      }),
  );
}

export interface RateLimitOptions extends FailureOptions {
  /** What the store says to wait. @defaultValue it does not say */
  readonly retryAfterMs?: number;
}

/** The store refuses some calls as too many: `BOOST_STORE_RATE_LIMITED`, as after a 429. */
export function withRateLimits(adapter: CacheAdapter, options: RateLimitOptions): CacheAdapter {
  const { retryAfterMs } = options;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return failing(
    adapter,
    options,
    (operation) =>
      new BoostError('BOOST_STORE_RATE_LIMITED', `The store refused to ${operation}, on purpose`, {
        details: { store: adapter.name, operation, ...wait },
      }),
  );
}

function failing(
  adapter: CacheAdapter,
  { seed, probability, operations = ALL_OPERATIONS }: FailureOptions,
  failure: (operation: FaultyOperation) => BoostError,
): CacheAdapter {
  const chance = createChance(seed);
  return surrounding(adapter, (operation, call) => {
    const fails = operations.includes(operation) && chance.happens(probability);
    return fails ? Promise.reject(failure(operation)) : call();
  });
}

import type { StateKind } from '../isolate-state.js';

/**
 * Stands between the reads of a store and the store once it has failed: tries again what failed, and refuses calls while the
 * store keeps failing. One for all clients of an isolate, so it holds nothing that belongs to a request.
 */
export interface FaultPolicy {
  /**
   * Runs a call, and again where that may help.
   *
   * @param call - rejects when it takes too long
   * @throws BoostError `BOOST_STORE_CIRCUIT_OPEN` where it is not made at all; else what the last call threw
   */
  run<Result>(call: () => Promise<Result>): Promise<Result>;
}

/** Fetches the code of the policy, which nobody needs until the first fault, and makes one. */
export type LoadFaultPolicy = () => Promise<FaultPolicy>;

/** The policy of one store, from its first fault on. */
export interface StoreFaults {
  policy: FaultPolicy | undefined;
}

export const STORE_FAULTS: StateKind<StoreFaults> = { make: () => ({ policy: undefined }) };

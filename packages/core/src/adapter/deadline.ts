import { BoostError } from '../error.js';
import type { Timers } from '../ports.js';

/**
 * Rejects with `BOOST_STORE_TIMEOUT`, and aborts the signal it gave, when `run` takes longer than `timeoutMs`.
 *
 * @param onLate - called when `run` succeeds after all, once nobody waits any more
 */
export function withDeadline<Result>(
  timers: Timers,
  timeoutMs: number,
  what: string,
  run: (signal: AbortSignal) => Promise<Result>,
  onLate?: () => void,
): Promise<Result> {
  const controller = new AbortController();
  let late = false;
  return new Promise<Result>((resolve, reject) => {
    const cancel = timers.set(timeoutMs, () => {
      const error = new BoostError(
        'BOOST_STORE_TIMEOUT',
        `${what} took longer than ${timeoutMs} ms; raise operationTimeout if the store is known to be slow`,
        { details: { timeoutMs } },
      );
      late = true;
      controller.abort(error);
      reject(error);
    });
    run(controller.signal).then(
      (result) => {
        cancel();
        if (late) onLate?.();
        resolve(result);
      },
      (error: unknown) => {
        cancel();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}

/**
 * What a promise that another request may own resolves to; undefined when it has not settled after `timeoutMs`, since the
 * promises of a request that has ended never do. The timer is the waiting request's own.
 */
export function settledWithin<Result>(
  timers: Timers,
  timeoutMs: number,
  promise: Promise<Result>,
): Promise<Result | undefined> {
  return new Promise((resolve) => {
    const cancel = timers.set(timeoutMs, () => resolve(undefined));
    void promise.then((result) => {
      cancel();
      resolve(result);
    });
  });
}

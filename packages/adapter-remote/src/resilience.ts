import { BoostError, isBoostError } from '@boost/core';
import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  DelegateBackoff,
  ExponentialBackoff,
  handleWhen,
  retry,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  type CircuitBreakerPolicy,
  type IBackoff,
  type IRetryBackoffContext,
} from 'cockatiel';
import { ApiFailure } from './api-failure.js';
import type { Backend } from './backend.js';
import type { RemoteSettings } from './options.js';
import type { Attempt, CallKind, Runner } from './runner.js';

const MAX_RETRY_DELAY_MS = 5_000;
/** Failures in a row after which the API is left alone. */
const FAILURES_UNTIL_OPEN = 5;
const OPEN_MS = 10_000;

/** Deadline, retries with jitter and circuit breaker around the attempts of an operation. */
export class Resilience implements Runner {
  readonly #backend: Backend;
  readonly #settings: RemoteSettings;

  constructor(backend: Backend, settings: RemoteSettings) {
    this.#backend = backend;
    this.#settings = settings;
  }

  /** @throws BoostError `BOOST_STORE_*` */
  async run<Result>(kind: CallKind, attempt: Attempt<Result>): Promise<Result> {
    const { signal, isEpoch = false } = kind;
    if (signal?.aborted === true) throw abandoned(kind, signal.reason);
    const { operationTimeout } = this.#settings;
    const deadline = timeout(operationTimeout, TimeoutStrategy.Aggressive);
    const endMs = Date.now() + operationTimeout;
    try {
      return await deadline.execute(
        ({ signal: within }) => (isEpoch ? attempt(within) : this.#repeat(attempt, endMs, within)),
        isEpoch ? undefined : signal,
      );
    } catch (error) {
      throw this.#told(kind, error);
    }
  }

  #repeat<Result>(attempt: Attempt<Result>, endMs: number, signal: AbortSignal): Promise<Result> {
    const { maxRetries, retryDelay } = this.#settings;
    const jittered = new ExponentialBackoff({
      initialDelay: retryDelay,
      maxDelay: MAX_RETRY_DELAY_MS,
    });
    const policy = retry(
      handleWhen(
        (error) =>
          error instanceof ApiFailure &&
          error.isTransient &&
          Date.now() + (error.retryAfterMs ?? 0) < endMs,
      ),
      {
        maxAttempts: maxRetries,
        backoff: new DelegateBackoff(
          (context: IRetryBackoffContext<unknown>, last?: IBackoff<unknown>) => {
            const state = (last ?? jittered).next(context);
            return { delay: Math.max(state.duration, retryAfterOf(context)), state };
          },
        ),
      },
    );
    return policy.execute(() => this.#guarded(attempt, signal), signal);
  }

  #guarded<Result>(attempt: Attempt<Result>, signal: AbortSignal): Promise<Result> {
    if (!this.#settings.enableCircuitBreaker) return attempt(signal);
    const breaker = (this.#backend.breaker ??= createBreaker());
    // One call tries whether the API is back: the others do not wait for it.
    if (breaker.state === CircuitState.HalfOpen) return Promise.reject(new BrokenCircuitError());
    return breaker.execute(() => attempt(signal), signal);
  }

  #told(kind: CallKind, error: unknown): unknown {
    if (kind.signal?.aborted === true && kind.isEpoch !== true) {
      return abandoned(kind, kind.signal.reason);
    }
    if (error instanceof ApiFailure) return error.error;
    const details = { store: 'remote', operation: kind.operation };
    if (error instanceof TaskCancelledError) {
      const timeoutMs = this.#settings.operationTimeout;
      return new BoostError(
        'BOOST_STORE_TIMEOUT',
        `Cloudflare's API took longer than ${timeoutMs} ms to ${kind.operation}; raise operationTimeout if it is known to be slow`,
        { details: { ...details, timeoutMs } },
      );
    }
    if (error instanceof BrokenCircuitError) {
      return new BoostError(
        'BOOST_STORE_CIRCUIT_OPEN',
        `Cloudflare's API was not asked to ${kind.operation}: it has failed repeatedly and is tried again within seconds`,
        { details },
      );
    }
    return error;
  }
}

function createBreaker(): CircuitBreakerPolicy {
  return circuitBreaker(
    handleWhen((error) => error instanceof ApiFailure && error.isOutage),
    { halfOpenAfter: OPEN_MS, breaker: new ConsecutiveBreaker(FAILURES_UNTIL_OPEN) },
  );
}

function retryAfterOf({ result }: IRetryBackoffContext<unknown>): number {
  const failure = 'error' in result ? result.error : undefined;
  return failure instanceof ApiFailure ? (failure.retryAfterMs ?? 0) : 0;
}

/** The caller gave up; the engine does so with a reason of its own. */
function abandoned({ operation }: CallKind, reason: unknown): BoostError {
  if (isBoostError(reason)) return reason;
  return new BoostError(
    'BOOST_STORE_TIMEOUT',
    `The call that asked Cloudflare's API to ${operation} was aborted`,
    { cause: reason, details: { store: 'remote', operation } },
  );
}

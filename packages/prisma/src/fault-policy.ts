import { BoostError, isBoostError, type FaultPolicy } from '@boost/core';
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  circuitBreaker,
  handleWhen,
  retry,
  type CircuitBreakerPolicy,
} from 'cockatiel';

/** A read is made once more: what fails twice has the database answer. */
const RETRIES = 1;
/** The pause before it, with jitter. */
const LEAST_PAUSE_MS = 10;
const MOST_PAUSE_MS = 100;
/** Calls that fail one after another until the circuit opens. */
const FAILURES_TO_OPEN = 5;
/** After this one call is let through; each that fails makes the next wait longer. */
const LEAST_OPEN_MS = 1_000;
const MOST_OPEN_MS = 30_000;
/** A call let through that has not ended after this has died with its request. */
const PROBE_MS = 15_000;

/** Loaded with the first fault, since cockatiel may not be imported before a request is being answered. */
export function createFaultPolicy(): FaultPolicy {
  return new CircuitFaultPolicy();
}

class CircuitFaultPolicy implements FaultPolicy {
  readonly #retry = retry(handleWhen(isTransient), {
    maxAttempts: RETRIES,
    backoff: new ExponentialBackoff({ initialDelay: LEAST_PAUSE_MS, maxDelay: MOST_PAUSE_MS }),
  });
  #circuit = createCircuit();
  #probeUntilMs = 0;

  async run<Result>(call: () => Promise<Result>): Promise<Result> {
    let fault: unknown;
    try {
      return await this.#retry.execute(() =>
        this.#through(() =>
          call().catch((error: unknown) => {
            // A store with a circuit of its own says that it is open, and not what opened it.
            if (!isBoostError(error, 'BOOST_STORE_CIRCUIT_OPEN')) fault = error;
            throw error;
          }),
        ),
      );
    } catch (error) {
      // The first try was what opened the circuit: it is what went wrong.
      throw fault ?? error;
    }
  }

  async #through<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#circuit.state === CircuitState.HalfOpen) {
      // Waiting for the call that was let through could be waiting for a request that has ended.
      if (Date.now() < this.#probeUntilMs) throw circuitOpen();
      this.#circuit = createCircuit();
    }
    try {
      return await this.#circuit.execute(() => {
        this.#probeUntilMs = Date.now() + PROBE_MS;
        return call();
      });
    } catch (error) {
      throw error instanceof BrokenCircuitError ? circuitOpen() : error;
    }
  }
}

function createCircuit(): CircuitBreakerPolicy {
  return circuitBreaker(handleWhen(isFault), {
    halfOpenAfter: new ExponentialBackoff({ initialDelay: LEAST_OPEN_MS, maxDelay: MOST_OPEN_MS }),
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
}

/** What says that the store is unwell; a key that it does not take is the caller's fault. */
function isFault(error: unknown): boolean {
  return !isBoostError(error, 'BOOST_STORE_LIMIT');
}

/** A store that asks for fewer calls gets no second one. */
function isTransient(error: unknown): boolean {
  return isBoostError(error, 'BOOST_STORE_FAILED') || isBoostError(error, 'BOOST_STORE_TIMEOUT');
}

function circuitOpen(): BoostError {
  return new BoostError(
    'BOOST_STORE_CIRCUIT_OPEN',
    'The store has failed several times in a row and is not asked for a while: the database answers. See the errors before this one',
  );
}

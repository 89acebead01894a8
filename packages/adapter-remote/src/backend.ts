import {
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { ApiFailure } from './api-failure.js';
import type { RemoteSettings } from './options.js';

/** Failures in a row after which the API is left alone. */
const FAILURES_UNTIL_OPEN = 5;
const OPEN_MS = 10_000;

/**
 * What all adapters of this process over the same keys share: their `identity`, on which the engine keeps its own bumps, and the
 * circuit breaker.
 */
export class Backend {
  readonly breaker: CircuitBreakerPolicy = circuitBreaker(
    handleWhen((error) => error instanceof ApiFailure && error.isOutage),
    { halfOpenAfter: OPEN_MS, breaker: new ConsecutiveBreaker(FAILURES_UNTIL_OPEN) },
  );
}

/** They are few, one for each place that is configured, and must outlive the adapters: a client may be made for each request. */
const backends = new Map<string, Backend>();

export function backendOf(
  settings: Pick<RemoteSettings, 'accountUrl' | 'namespaceId' | 'namespace'>,
): Backend {
  const key = JSON.stringify([settings.accountUrl, settings.namespaceId, settings.namespace]);
  let backend = backends.get(key);
  if (backend === undefined) {
    backend = new Backend();
    backends.set(key, backend);
  }
  return backend;
}

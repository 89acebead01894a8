import type { CircuitBreakerPolicy } from 'cockatiel';
import type { RemoteSettings } from './options.js';

/**
 * What all adapters of this process over the same keys share: their `identity`, on which the engine keeps its own bumps, and the
 * circuit breaker.
 */
export class Backend {
  /** From the first call on. */
  breaker: CircuitBreakerPolicy | undefined = undefined;
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

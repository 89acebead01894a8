import type { Ports } from '@boost/core';
import type { CacheExtensionOptions } from './options.js';

/** The globals that workerd, Node.js and browsers share. */
interface Runtime {
  readonly crypto: { getRandomValues(bytes: Uint8Array): Uint8Array };
  setTimeout(run: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}

const runtime = globalThis as unknown as Runtime;

/** The surroundings of one client. */
export function createPorts({ executionCtx, onError }: CacheExtensionOptions): Ports {
  return {
    clock: { now: () => Date.now() },
    random: { bytes: (length) => runtime.crypto.getRandomValues(new Uint8Array(length)) },
    timers: {
      set(delayMs, run) {
        const timer = runtime.setTimeout(run, delayMs);
        return () => runtime.clearTimeout(timer);
      },
    },
    keepsAlive: executionCtx !== undefined,
    waitUntil(promise) {
      try {
        executionCtx?.waitUntil(promise);
      } catch (error) {
        // The request has ended: the task goes on beside others as far as the platform lets it.
        onError?.(error, 'waitUntil');
      }
    },
  };
}

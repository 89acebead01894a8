import type { Ports } from '@boost/core';

/** The surroundings of a Durable Object: what its calls wait for belongs to the object, and goes on when one of them has ended. */
export function objectPorts(ctx: DurableObjectState, now: () => number): Ports {
  return {
    clock: { now },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    timers: {
      set(delayMs, run) {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    waitUntil: (promise) => ctx.waitUntil(promise),
  };
}

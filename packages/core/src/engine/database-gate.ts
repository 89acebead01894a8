import { randomFraction, sleep, type Ports } from '../ports.js';
import type { StateKind } from '../isolate-state.js';

/** Queries that an isolate has under way at once while the cache does not answer. */
const MAX_QUERIES = 16;
/** After this a query counts as dead with its request. */
const LEASE_MS = 30_000;
/** Longest that a query waits for another to end; then it is sent all the same. */
const MAX_WAIT_MS = 5_000;
const POLL_MS = 10;

/**
 * Keeps an outage of the cache from becoming one of the database: of the reads that only its failure sends there, so many run at
 * once. Nobody waits for a promise of another request, which may never settle: waiting is asking again.
 */
export class DatabaseGate {
  readonly #leases = new Set<{ readonly untilMs: number }>();

  async run<Result>(ports: Ports, query: () => Promise<Result>): Promise<Result> {
    const sinceMs = ports.clock.now();
    let waitedMs = 0;
    while (this.#isFull(ports.clock.now()) && waitedMs < MAX_WAIT_MS) {
      const delayMs = POLL_MS * (1 + randomFraction(ports.random));
      await sleep(ports.timers, delayMs);
      // The clock may stand still.
      waitedMs = Math.max(waitedMs + delayMs, ports.clock.now() - sinceMs);
    }
    const lease = { untilMs: ports.clock.now() + LEASE_MS };
    this.#leases.add(lease);
    try {
      return await query();
    } finally {
      this.#leases.delete(lease);
    }
  }

  #isFull(nowMs: number): boolean {
    if (this.#leases.size < MAX_QUERIES) return false;
    for (const lease of this.#leases) if (lease.untilMs <= nowMs) this.#leases.delete(lease);
    return this.#leases.size >= MAX_QUERIES;
  }
}

export const DATABASE_GATE: StateKind<DatabaseGate> = { make: () => new DatabaseGate() };

import type { StateKind } from '../isolate-state.js';
import type { Nonce } from './nonce.js';
import { Recent } from './recent.js';

/** How a key is being bumped in this isolate. */
export interface BumpState {
  /** Counts the bumps asked for. */
  wanted: number;
  /** Of those, the ones that a put which began after them has made durable. */
  landed: number;
  /** The put on its way; its promise belongs to the request that made it and may never settle. */
  flying: Promise<void> | undefined;
  /** A request retries in the background until then (milliseconds of the clock); readers bypass meanwhile. */
  retryingUntilMs: number;
}

/** Keys whose last own bump is remembered. */
const MAX_OWN = 20_000;

/** What the clients of one isolate share about epochs in one store: their own bumps, above all. */
export class KVIsolate {
  /** The newest own bump of each key, known from before it is put. */
  readonly own: Recent<Nonce>;
  readonly #bumping = new Map<string, BumpState>();
  /** Keys whose write may commit late: readers bypass until the time given. */
  readonly #undecided = new Map<string, number>();

  constructor(maxOwn: number = MAX_OWN) {
    this.own = new Recent(maxOwn, ({ timeMs }) => timeMs);
  }

  bumping(key: string): BumpState {
    let state = this.#bumping.get(key);
    if (state === undefined) {
      state = { wanted: 0, landed: 0, flying: undefined, retryingUntilMs: 0 };
      this.#bumping.set(key, state);
    }
    return state;
  }

  /** Forgets how a key was bumped when nobody waits for a put of it any more. */
  forget(key: string, state: BumpState): void {
    const waits = state.flying !== undefined || state.retryingUntilMs > 0;
    if (!waits && this.#bumping.get(key) === state) this.#bumping.delete(key);
  }

  /** A write may still change what the key stands for: readers bypass until then. */
  undecided(key: string, nowMs: number, untilMs: number): void {
    for (const [other, endMs] of this.#undecided) {
      // They were set in the order of time, but for those that were extended.
      if (endMs > nowMs) break;
      this.#undecided.delete(other);
    }
    this.#undecided.set(key, Math.max(untilMs, this.#undecided.get(key) ?? 0));
  }

  /** Why readers have to bypass the key, if they have to. Ends by time, since a request that dies ends nothing. */
  bypass(key: string, nowMs: number): string | undefined {
    if ((this.#bumping.get(key)?.retryingUntilMs ?? 0) > nowMs) return 'bump-pending';
    const untilMs = this.#undecided.get(key);
    if (untilMs === undefined) return undefined;
    if (untilMs > nowMs) return 'write-undecided';
    this.#undecided.delete(key);
    return undefined;
  }
}

export const KV_ISOLATE: StateKind<KVIsolate> = { make: () => new KVIsolate() };

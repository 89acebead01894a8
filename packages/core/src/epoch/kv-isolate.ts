import type { StateKind } from '../isolate-state.js';
import type { Nonce } from './nonce.js';

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

const MAX_OWN = 10_000;

/** What the clients of one isolate share about epochs in one store: their own bumps, newest last. */
export class KVIsolate {
  readonly #own = new Map<string, Nonce>();
  readonly #bumping = new Map<string, BumpState>();
  /** Keys whose write may commit late: readers bypass until the time given. */
  readonly #undecided = new Map<string, number>();

  own(key: string): Nonce | undefined {
    return this.#own.get(key);
  }

  /** A forgotten bump costs other clients nothing that was promised; the session that made it keeps its own copy. */
  remember(key: string, nonce: Nonce): void {
    this.#own.delete(key);
    this.#own.set(key, nonce);
    const [oldest] = this.#own.keys();
    if (this.#own.size > MAX_OWN && oldest !== undefined) this.#own.delete(oldest);
  }

  bumping(key: string): BumpState {
    let state = this.#bumping.get(key);
    if (state === undefined) {
      state = { wanted: 0, landed: 0, flying: undefined, retryingUntilMs: 0 };
      this.#bumping.set(key, state);
    }
    return state;
  }

  /** Forgets how a key was bumped once nobody waits for it. */
  settled(key: string): void {
    const state = this.#bumping.get(key);
    if (state === undefined || state.landed < state.wanted || state.retryingUntilMs > 0) return;
    if (state.flying === undefined) this.#bumping.delete(key);
  }

  /** A write that may still change what the key stands for: readers bypass until then. */
  undecided(key: string, untilMs: number): void {
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

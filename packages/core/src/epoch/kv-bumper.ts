import { settledWithin } from '../adapter/deadline.js';
import { BoostError, isBoostError } from '../error.js';
import { EPOCH_TTL_SECONDS } from '../policy/lifetime.js';
import { randomFraction, sleep } from '../ports.js';
import type { AuthorityHost } from './authority.js';
import type { BumpState, KVIsolate } from './kv-isolate.js';
import { freshNonce, type Nonce } from './nonce.js';

/** `waitUntil` lives for 30 s after the response; a retry that begins later would not end. */
const RETRY_BUDGET_MS = 25_000;
/** KV takes one write per second and key. */
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 8_000;

export interface BumpOutcome {
  /** False when the bump is not durable yet. */
  readonly landed: boolean;
  readonly puts: number;
}

/** Called with each nonce that stands for the caller's bump, before it is put. */
export type Remember = (nonce: Nonce) => void;

/**
 * Bumps epochs in the store. A bump is one unconditional put of a nonce that was never put before; bumps of a key that are
 * asked for while a put of it is on its way share the next one. What the store refuses is retried in the background.
 */
export class KVBumper {
  readonly #host: AuthorityHost;
  readonly #isolate: KVIsolate;

  constructor(host: AuthorityHost, isolate: KVIsolate) {
    this.#host = host;
    this.#isolate = isolate;
  }

  /** Resolves when a put that began after this call has landed, or when it is left to the background. */
  async bump(key: string, remember: Remember): Promise<BumpOutcome> {
    const state = this.#isolate.bumping(key);
    state.wanted += 1;
    const mine = state.wanted;
    let nonce: Nonce | undefined = this.#fresh(key, remember);
    for (let puts = 0; ;) {
      if (state.landed >= mine) return { landed: true, puts };
      if (state.retryingUntilMs > this.#now()) return { landed: false, puts };
      if (state.flying !== undefined) {
        // It began before this bump and proves nothing for it; the nonce made above is too old for whoever else waits.
        nonce = undefined;
        await this.#landingOf(state, state.flying);
        continue;
      }
      puts += 1;
      const error = await this.#put(key, state, nonce ?? this.#fresh(key, remember));
      nonce = undefined;
      if (error === undefined) continue;
      this.#host.report(error, 'bump');
      this.#retryLater(key, state, error);
    }
  }

  #fresh(key: string, remember: Remember): Nonce {
    const nonce = freshNonce(this.#host.ports.clock, this.#host.ports.random);
    this.#isolate.own.set(key, nonce);
    remember(nonce);
    return nonce;
  }

  async #landingOf(state: BumpState, flying: Promise<unknown>): Promise<void> {
    const { store, ports } = this.#host;
    const landed = await settledWithin(
      ports.timers,
      store.timeoutMs,
      flying.then(() => true),
    );
    // A put takes no longer while its request lives.
    if (landed === undefined && state.flying === flying) state.flying = undefined;
  }

  /** One attempt; returns what went wrong. */
  async #put(key: string, state: BumpState, nonce: Nonce): Promise<unknown> {
    const covers = state.wanted;
    const put = this.#host.store
      .set(key, nonce.text, {
        ttlSeconds: EPOCH_TTL_SECONDS,
        authoritative: true,
        // It may have overwritten the epoch of a later write.
        onLate: () => this.#retryLater(key, state, undefined),
      })
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    const flying = put.then((error) => {
      if (error === undefined) state.landed = Math.max(state.landed, covers);
      if (state.flying === flying) state.flying = undefined;
    });
    state.flying = flying;
    this.#host.ports.waitUntil(flying);
    await flying;
    if (state.landed >= state.wanted) this.#isolate.forget(key, state);
    return put;
  }

  #retryLater(key: string, state: BumpState, error: unknown): void {
    if (error === undefined) state.wanted += 1;
    if (state.retryingUntilMs > this.#now()) return;
    state.retryingUntilMs = this.#now() + RETRY_BUDGET_MS;
    this.#host.ports.waitUntil(this.#retry(key, state, error));
  }

  async #retry(key: string, state: BumpState, first: unknown): Promise<void> {
    const { timers, random } = this.#host.ports;
    let error = first;
    let waitedMs = 0;
    for (let attempt = 0; state.landed < state.wanted; attempt++) {
      const backoffMs = Math.min(FIRST_DELAY_MS * 2 ** attempt, MAX_DELAY_MS);
      const delayMs = Math.max(backoffMs, retryAfterMs(error)) * (1 + randomFraction(random) / 2);
      waitedMs += delayMs;
      if (waitedMs > RETRY_BUDGET_MS) {
        this.#host.report(refused(key, error), 'bump');
        break;
      }
      await sleep(timers, delayMs);
      error = await this.#put(
        key,
        state,
        this.#fresh(key, () => undefined),
      );
    }
    state.retryingUntilMs = 0;
    this.#isolate.forget(key, state);
  }

  #now(): number {
    return this.#host.ports.clock.now();
  }
}

function retryAfterMs(error: unknown): number {
  if (!isBoostError(error, 'BOOST_STORE_RATE_LIMITED')) return 0;
  const after = error.details['retryAfterMs'];
  return typeof after === 'number' ? after : 0;
}

function refused(key: string, cause: unknown): BoostError {
  return new BoostError(
    'BOOST_BUMP_FAILED',
    `The epoch ${key} could not be written for ${RETRY_BUDGET_MS} ms: readers elsewhere may see old values until their TTL`,
    { cause, details: { key } },
  );
}

import type { Backend } from './backend.js';
import type { RemoteSettings } from './options.js';

export interface CallKind {
  /** For errors: what was asked, as a verb. */
  readonly operation: string;
  readonly signal: AbortSignal | undefined;
  /**
   * The put of an epoch. It is sent once, since a nonce that is put again could bring back what a later one invalidated; it is sent
   * even where the circuit is open, since others read stale values until it arrives; and it is not given up with its caller,
   * who has to know when it arrives late.
   */
  readonly isEpoch?: boolean;
}

export type Attempt<Result> = (signal: AbortSignal) => Promise<Result>;

/** Makes an operation of attempts. */
export interface Runner {
  /** @throws BoostError `BOOST_STORE_*` */
  run<Result>(kind: CallKind, attempt: Attempt<Result>): Promise<Result>;
}

/**
 * Loads deadline, retries and circuit breaker with the first call: a worker that imports this package beside others would not
 * start, since cockatiel makes an AbortController when it is imported.
 */
export class LazyRunner implements Runner {
  readonly #backend: Backend;
  readonly #settings: RemoteSettings;
  #loaded: Runner | undefined;

  constructor(backend: Backend, settings: RemoteSettings) {
    this.#backend = backend;
    this.#settings = settings;
  }

  async run<Result>(kind: CallKind, attempt: Attempt<Result>): Promise<Result> {
    if (this.#loaded === undefined) {
      const { Resilience } = await import('./resilience.js');
      this.#loaded ??= new Resilience(this.#backend, this.#settings);
    }
    return this.#loaded.run(kind, attempt);
  }
}

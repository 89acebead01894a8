import type { Random } from '@boost-tooling/fuzz/random';
import { Request } from './isolate.ts';
import type { Response, SimulatedCache } from './platform.ts';

/** What can go wrong with the Cache API, with the probability that it does for one call. */
export interface CacheFaults {
  /** A put is not kept, a value is evicted, a call fails. */
  readonly cache: number;
}

/**
 * The Cache API: each data centre has a cache of its own, which keeps what it likes for as long as it likes.
 *
 * @see https://developers.cloudflare.com/workers/runtime-apis/cache/
 */
export class ColoCaches {
  readonly counts: Record<'cache', number> = { cache: 0 };
  #probability: number;
  readonly #random: Random;
  readonly #caches = new Map<number, Map<string, Response>>();

  constructor(random: Random, { cache }: CacheFaults) {
    this.#random = random;
    this.#probability = cache;
  }

  /** From now on nothing goes wrong. */
  heal(): void {
    this.#probability = 0;
  }

  /** The cache that the request which runs now has. */
  current(): SimulatedCache {
    const request = Request.current;
    const kept = this.#of(request.isolate.colo);
    const call = <Result>(task: () => Result): Promise<Result> =>
      request.call(this.#random.int(0, 3), task, this.#random.int(0, 3));
    return {
      match: (url) =>
        call(() => {
          if (this.#happens()) kept.delete(url);
          return kept.get(url);
        }),
      put: (url, response) =>
        call(() => {
          if (this.#happens() && this.#random.chance(0.5)) throw new Error('the cache failed');
          if (!this.#happens()) kept.set(url, response);
        }),
      delete: (url) => call(() => kept.delete(url)),
    };
  }

  #of(colo: number): Map<string, Response> {
    let kept = this.#caches.get(colo);
    if (kept === undefined) {
      kept = new Map();
      this.#caches.set(colo, kept);
    }
    return kept;
  }

  #happens(): boolean {
    if (this.#probability === 0 || !this.#random.chance(this.#probability)) return false;
    this.counts.cache += 1;
    return true;
  }
}

import { BUCKET_MS, type Bucket, type Counts } from './wire.js';

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Five minutes. */
const MAX_BUCKETS = 150;

/** Counts since the start, and over time. Times without events have no bucket. */
export class Timeline {
  readonly #totals: Mutable<Counts> = noCounts();
  readonly #buckets: Mutable<Bucket>[] = [];

  add(atMs: number, name: keyof Counts, amount = 1): void {
    this.#totals[name] += amount;
    this.#bucket(atMs)[name] += amount;
  }

  get totals(): Counts {
    return { ...this.#totals };
  }

  /** The last five minutes in which something happened, oldest first. */
  get buckets(): readonly Bucket[] {
    const { atMs: latestMs = 0 } = this.#buckets.at(-1) ?? {};
    return this.#buckets.filter(({ atMs }) => atMs > latestMs - BUCKET_MS * MAX_BUCKETS);
  }

  #bucket(atMs: number): Mutable<Bucket> {
    const startMs = atMs - (atMs % BUCKET_MS);
    const latest = this.#buckets.at(-1);
    // A clock that goes back counts where it was.
    if (latest !== undefined && latest.atMs >= startMs) return latest;
    const bucket = { atMs: startMs, ...noCounts() };
    this.#buckets.push(bucket);
    if (this.#buckets.length > MAX_BUCKETS) this.#buckets.shift();
    return bucket;
  }
}

function noCounts(): Mutable<Counts> {
  return {
    ...{ hits: 0, shared: 0, misses: 0, bypasses: 0 },
    ...{ writes: 0, errors: 0, savedMs: 0, costUsd: 0 },
  };
}

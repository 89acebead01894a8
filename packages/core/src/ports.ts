/**
 * What the code takes from its surroundings, so that the same code runs in workerd, in Node and in a simulator that owns time
 * and chance.
 */
export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  /** Keeps the current request's runtime alive until the promise settles. The promise never rejects. */
  waitUntil(promise: Promise<unknown>): void;
  /** Whether it does, so that a task may end after the request was answered. @defaultValue false */
  readonly keepsAlive?: boolean;
}

/** Wall-clock time. It may stand still within a request (Workers) and differ between machines. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** Unpredictable bytes: epochs and fences are told apart by them. */
export interface Random {
  bytes(length: number): Uint8Array;
}

/** Timers of the current request: they fire whatever happens to other requests. */
export interface Timers {
  /** Calls `run` once after at least `delayMs`; the returned function prevents it. */
  set(delayMs: number, run: () => void): () => void;
}

/** Resolves after at least `delayMs`. */
export function sleep(timers: Timers, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    timers.set(delayMs, resolve);
  });
}

/** Text of letters and digits with 5 random bits per character; 26 characters are as unlikely to repeat as a UUID. */
export function randomText(random: Random, length: number): string {
  let text = '';
  for (const byte of random.bytes(length)) text += (byte & 31).toString(32);
  return text;
}

/** A random number in [0, 1), for jitter. */
export function randomFraction(random: Random): number {
  const [high = 0, low = 0] = random.bytes(2);
  return (high * 256 + low) / 65_536;
}

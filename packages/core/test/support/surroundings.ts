import type { Ports } from '../../src/ports.js';

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

/** Time that stands still until a test moves it, chance from a seed, and what was left to the background. */
export class Surroundings {
  nowMs = 1_800_000_000_000;
  /** True: `waitUntil` is ignored, as by a platform that has given the request up. */
  dropsBackground = false;
  readonly background: Promise<unknown>[] = [];
  readonly #timers = new Set<Timer>();
  #seed: number;

  constructor(seed = 1) {
    this.#seed = seed;
  }

  readonly ports: Ports = {
    clock: { now: () => this.nowMs },
    random: { bytes: (length) => Uint8Array.from({ length }, () => this.#nextByte()) },
    timers: {
      set: (delayMs, run) => {
        const timer = { atMs: this.nowMs + delayMs, run };
        this.#timers.add(timer);
        return () => this.#timers.delete(timer);
      },
    },
    waitUntil: (promise) => {
      if (!this.dropsBackground) this.background.push(promise);
    },
  };

  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Lets everything run that waits for nothing but its turn. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) {
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
    }
  }

  /** Moves time on, timer by timer. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await this.settle();
    for (;;) {
      const due = [...this.#timers].filter(({ atMs }) => atMs <= untilMs);
      const [next] = due.sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
      await this.settle();
    }
    this.nowMs = untilMs;
  }

  #nextByte(): number {
    this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) >>> 0;
    return (this.#seed >>> 16) & 255;
  }
}

/** A promise that the test settles. */
export interface Deferred<Value = void> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
  reject(error: unknown): void;
}

export function deferred<Value = void>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<Value>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

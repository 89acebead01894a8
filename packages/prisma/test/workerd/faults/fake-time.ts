import { vi } from 'vitest';

/** Far more turns than anything takes here: what has not ended by then hangs. */
const MAX_TURNS = 5_000;
/** Shorter delays are no waiting, but a way to let others go first: the platform's own, and Prisma's. */
const LEAST_DELAY_MS = 2;

/** What runs in real time: calls to the platform that have not ended. */
export class RealWork {
  #running = 0;

  get isRunning(): boolean {
    return this.#running > 0;
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
    }
  }
}

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

/**
 * A clock and timers that move only where nothing real is under way: so what passes is what was waited for. Vitest's own replace
 * every timer, and those that Prisma and the platform give way with must go on.
 */
export class FakeTime {
  #nowMs = Date.now();
  readonly #real: RealWork;
  readonly #timers = new Map<unknown, Timer>();
  readonly #giveWay: (run: () => void) => void;

  constructor(real: RealWork) {
    this.#real = real;
    const [setReal, clearReal] = [setTimeout, clearTimeout];
    this.#giveWay = (run) => void setReal(run, 0);
    const set = (run: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): unknown => {
      if (delayMs < LEAST_DELAY_MS) return setReal(run, delayMs, ...args);
      const timer = { atMs: this.#nowMs + delayMs, run: () => run(...args) };
      this.#timers.set(timer, timer);
      return timer;
    };
    const clear = (timer: unknown): void => {
      if (!this.#timers.delete(timer)) clearReal(timer as number);
    };
    vi.stubGlobal('setTimeout', set);
    vi.stubGlobal('clearTimeout', clear);
    vi.spyOn(Date, 'now').mockImplementation(() => this.#nowMs);
  }

  /** The result, and how many milliseconds passed until it was there. */
  async elapsed<Result>(run: () => PromiseLike<Result>): Promise<readonly [Result, number]> {
    const sinceMs = this.#nowMs;
    let untilMs: number | undefined;
    const ended = (): void => {
      untilMs = this.#nowMs;
    };
    const running = Promise.resolve(run());
    running.then(ended, ended);
    for (let turn = 0; untilMs === undefined; turn++) {
      if (turn > MAX_TURNS) throw new Error('it hangs');
      await this.#turn();
      if (untilMs === undefined && !this.#real.isRunning) this.#next();
    }
    return [await running, untilMs - sinceMs];
  }

  async pass(ms: number): Promise<void> {
    await this.elapsed(() => new Promise((resolve) => setTimeout(resolve, ms)));
  }

  #next(): void {
    const [next] = [...this.#timers.values()].sort((a, b) => a.atMs - b.atMs);
    if (next === undefined) return;
    this.#timers.delete(next);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.run();
  }

  /** Lets happen what is at hand: promises, and what the platform has for us. */
  async #turn(): Promise<void> {
    for (let step = 0; step < 3; step++) {
      await new Promise<void>((resolve) => {
        this.#giveWay(resolve);
      });
    }
  }
}

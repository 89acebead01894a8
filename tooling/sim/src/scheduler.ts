import TinyQueue from 'tinyqueue';
import type { Random } from '@boost-tooling/fuzz/random';

/** Something that happens at a moment of simulated time. */
interface Event {
  readonly atMs: number;
  /** Breaks ties by chance, so that no order of simultaneous events is favoured. */
  readonly tie: number;
  readonly run: () => void;
}

const START_MS = 1_800_000_000_000;

/**
 * Owns time. Nothing happens but events, one after the other in the order of time; between two of them everything runs that waits
 * for nothing but its turn.
 */
export class Scheduler {
  nowMs: number = START_MS;
  /** Counts the events: what happens at one of them happens in one turn of the event loop. */
  turn = 0;
  readonly #random: Random;
  readonly #queue = new TinyQueue<Event>([], (a, b) => a.atMs - b.atMs || a.tie - b.tie);

  constructor(random: Random) {
    this.#random = random;
  }

  /** Milliseconds since the simulation began. */
  get elapsedMs(): number {
    return this.nowMs - START_MS;
  }

  at(delayMs: number, run: () => void): void {
    const atMs = this.nowMs + Math.max(0, Math.ceil(delayMs));
    this.#queue.push({ atMs, tie: this.#random.int(0, 1 << 30), run });
  }

  /** Runs until nothing is left to happen, or `untilMs` of simulated time have passed since the beginning. */
  async run(untilMs: number): Promise<void> {
    for (;;) {
      await settled();
      const next = this.#queue.pop();
      if (next === undefined || next.atMs - START_MS > untilMs) return;
      this.nowMs = next.atMs;
      this.turn += 1;
      next.run();
    }
  }
}

/**
 * Lets every promise settle that waits for nothing but its turn. Node calls what is given here when no promise is left to settle, and
 * without a turn of its own event loop, which would cost ten times as much.
 */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}

import type { Scheduler } from './scheduler.ts';

/** What happened, for a person to read. A run that nobody asks about tells nothing: it can be played again. */
export class Timeline {
  readonly lines: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #isTold: boolean;

  constructor(scheduler: Scheduler, isTold: boolean) {
    this.#scheduler = scheduler;
    this.#isTold = isTold;
  }

  add(who: string, tell: () => string): void {
    if (!this.#isTold) return;
    this.lines.push(`${String(this.#scheduler.elapsedMs).padStart(9)} ms  ${who}: ${tell()}`);
  }
}

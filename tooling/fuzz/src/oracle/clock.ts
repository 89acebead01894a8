/** Time that a run moves on by itself: entries grow old and clocks settle without anybody waiting. */
export class MovedClock {
  readonly #real: () => number = Date.now.bind(Date);
  #ahead = 0;

  install(): void {
    Date.now = () => this.#real() + this.#ahead;
  }

  advance(milliseconds: number): void {
    this.#ahead += milliseconds;
  }

  restore(): void {
    Date.now = this.#real;
  }
}

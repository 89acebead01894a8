/**
 * The newest of many things that happened at a time, by key. What is dropped for want of room leaves a floor in time, so that
 * forgetting costs hits and never correctness: whatever is asked of a key that is not here happened at or before the floor.
 */
export class Recent<Value> {
  readonly #values = new Map<string, Value>();
  readonly #max: number;
  readonly #timeOf: (value: Value) => number;
  #floorMs = 0;

  constructor(max: number, timeOf: (value: Value) => number) {
    this.#max = max;
    this.#timeOf = timeOf;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  entries(): IterableIterator<[string, Value]> {
    return this.#values.entries();
  }

  set(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values;
    if (this.#values.size <= this.#max || oldest === undefined) return;
    this.#values.delete(oldest[0]);
    this.raise(this.#timeOf(oldest[1]));
  }

  raise(floorMs: number): void {
    this.#floorMs = Math.max(this.#floorMs, floorMs);
  }

  /** Zero where nothing was dropped, or nothing that happened after `sinceMs`. */
  floorMs(sinceMs: number): number {
    return this.#floorMs > sinceMs ? this.#floorMs : 0;
  }
}

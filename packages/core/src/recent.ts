interface Remembered<Value> {
  readonly value: Value;
  readonly weight: number;
}

/**
 * Remembers what was computed for recently used keys. Two generations: when the younger is full it becomes the older, and what
 * the older held and nobody asked for since is forgotten.
 */
export class Recent<Value> {
  readonly #maxWeight: number;
  #younger = new Map<string, Remembered<Value>>();
  #youngerWeight = 0;
  #older: ReadonlyMap<string, Remembered<Value>> = new Map();

  /** @param maxWeight - of one generation */
  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
  }

  get(key: string): Value | undefined {
    const young = this.#younger.get(key);
    if (young !== undefined) return young.value;
    const old = this.#older.get(key);
    if (old !== undefined) this.set(key, old.value, old.weight);
    return old?.value;
  }

  /** What is heavier than a generation may be is not remembered. */
  set(key: string, value: Value, weight = 1): void {
    if (weight > this.#maxWeight) return;
    if (this.#youngerWeight + weight > this.#maxWeight) {
      this.#older = this.#younger;
      this.#younger = new Map();
      this.#youngerWeight = 0;
    }
    // What is replaced still counts until its generation ends: an estimate from above.
    this.#younger.set(key, { value, weight });
    this.#youngerWeight += weight;
  }

  get size(): number {
    return this.#younger.size + this.#older.size;
  }
}

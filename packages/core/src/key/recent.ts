/**
 * Remembers what was computed for recently used texts. Two generations: when the younger is full it becomes the older, and
 * what the older held and nobody asked for is forgotten.
 */
export class Recent<Value> {
  readonly #maxPerGeneration: number;
  #younger = new Map<string, Value>();
  #older: ReadonlyMap<string, Value> = new Map();

  constructor(maxPerGeneration: number) {
    this.#maxPerGeneration = maxPerGeneration;
  }

  get(text: string): Value | undefined {
    const young = this.#younger.get(text);
    if (young !== undefined) return young;
    const old = this.#older.get(text);
    if (old !== undefined) this.set(text, old);
    return old;
  }

  set(text: string, value: Value): void {
    if (this.#younger.size >= this.#maxPerGeneration) {
      this.#older = this.#younger;
      this.#younger = new Map();
    }
    this.#younger.set(text, value);
  }

  get size(): number {
    return this.#younger.size + this.#older.size;
  }
}

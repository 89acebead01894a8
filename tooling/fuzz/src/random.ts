import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded randomness in the words that generators need. */
export class Random {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
    // Neighbouring seeds begin alike.
    for (let i = 0; i < 8; i++) this.#generator.next();
  }

  /** A whole number, both ends included. */
  int(min: number, max: number): number {
    return uniformInt(this.#generator, min, max);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.int(0, 999_999) < probability * 1_000_000;
  }

  /** @throws RangeError on an empty list */
  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError('Nothing to pick from.');
    return items[this.int(0, items.length - 1)] as Item;
  }

  /** One of the keys, each as often as its weight says. */
  weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const entries = Object.entries(weights) as [Key, number][];
    let left = this.int(1, Math.round(entries.reduce((sum, [, weight]) => sum + weight, 0) * 1000));
    for (const [key, weight] of entries) {
      left -= Math.round(weight * 1000);
      if (left <= 0) return key;
    }
    return (entries.at(-1) as [Key, number])[0];
  }

  /** Between `min` and `max` different items, in random order. */
  sample<Item>(items: readonly Item[], min: number, max: number): Item[] {
    const shuffled = this.shuffle(items);
    return shuffled.slice(0, this.int(Math.min(min, items.length), Math.min(max, items.length)));
  }

  shuffle<Item>(items: readonly Item[]): Item[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [out[i], out[j]] = [out[j] as Item, out[i] as Item];
    }
    return out;
  }

  /** An independent stream. */
  fork(): Random {
    return new Random(this.int(0, 0x7fffffff));
  }
}

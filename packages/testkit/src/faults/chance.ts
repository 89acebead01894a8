import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Chance that a seed decides: the same seed, the same course of events. */
export interface Chance {
  /** @param probability - from 0, never, to 1, always */
  happens(probability: number): boolean;
  /** A whole number from 0 on, less than `end`. */
  below(end: number): number;
}

export function createChance(seed: number): Chance {
  const generator = xoroshiro128plus(seed);
  // Neighbouring seeds begin alike.
  for (let count = 0; count < 8; count++) generator.next();
  const below = (end: number): number => uniformInt(generator, 0, end - 1);
  return { below, happens: (probability) => below(1_000_000) < probability * 1_000_000 };
}

import { deploy } from './build.ts';
import { play } from './levels.ts';
import type { Mutant } from './mutants/mutant.ts';
import type { Violation } from './outcome.ts';

export interface Caught {
  /** How many seeds it took. */
  readonly seeds: number;
  readonly violation: Violation;
}

/** Runs a mutant until one of the checkers that should notice does. @returns undefined when none did */
export async function catchMutant(
  mutant: Mutant,
  from: number,
  seeds: number,
): Promise<Caught | undefined> {
  const deployed = await deploy(mutant.patches);
  for (let seed = from; seed < from + seeds; seed++) {
    const { violation } = await play(mutant.level, deployed, seed);
    if (violation !== undefined && mutant.breaks.includes(violation.checker)) {
      return { seeds: seed - from + 1, violation };
    }
  }
  return undefined;
}

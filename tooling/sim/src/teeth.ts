import { loadSimulation } from './build.ts';
import type { Mutant } from './mutants.ts';
import type { Violation } from './simulation.ts';

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
  const { Simulation } = await loadSimulation(mutant);
  for (let seed = from; seed < from + seeds; seed++) {
    const { violation } = await new Simulation(seed).run();
    if (violation !== undefined && mutant.breaks.includes(violation.checker)) {
      return { seeds: seed - from + 1, violation };
    }
  }
  return undefined;
}

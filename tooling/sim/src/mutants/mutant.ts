import type { Patch } from '../build.ts';
import type { Checker } from '../checkers.ts';
import type { Level } from '../levels.ts';

/** Production code with one thing wrong that the simulator must notice. */
export interface Mutant {
  /** The rule that is left out. */
  readonly name: string;
  readonly level: Level;
  readonly patches: readonly Patch[];
  /** The promises that break without the rule. */
  readonly breaks: readonly Checker[];
}

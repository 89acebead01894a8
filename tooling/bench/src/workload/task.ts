import type { Size } from './data.ts';
import type { StrategyName } from './strategies/strategies.ts';
import type { Audience } from './traffic.ts';

/** One strategy under one traffic: what a worker runs and answers with a tally. */
export interface Task extends Audience {
  readonly seed: number;
  readonly size: Size;
  readonly strategy: StrategyName;
}

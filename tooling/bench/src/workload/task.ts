import type { Size } from './data.ts';
import type { StrategyName } from './strategies/strategies.ts';
import type { Skew, Viewer } from './traffic.ts';

/** One strategy under one traffic: what a worker runs and answers with a tally. */
export interface Task {
  readonly seed: number;
  readonly size: Size;
  readonly skew: Skew;
  readonly viewer: Viewer;
  readonly strategy: StrategyName;
}

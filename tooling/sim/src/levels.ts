import type { Deployed } from './build.ts';
import { CoordinatorSimulation } from './coordinator-level/simulation.ts';
import { KVSimulation } from './kv-level/simulation.ts';
import type { Outcome, Run } from './outcome.ts';

/** What the freshness of entries rests on. A seed is a run of each. */
export type Level = 'kv' | 'coordinator';

export const LEVELS: readonly Level[] = ['kv', 'coordinator'];

type MakeRun = (deployed: Deployed, seed: number, isTold: boolean) => Run;

const RUNS: Readonly<Record<Level, MakeRun>> = {
  kv: ({ current }, seed, isTold) => new KVSimulation(current, seed, isTold),
  coordinator: (deployed, seed, isTold) => new CoordinatorSimulation(deployed, seed, isTold),
};

/** Plays a seed; with what happened, if that is asked for or something went wrong. */
export async function play(
  level: Level,
  deployed: Deployed,
  seed: number,
  isTold = false,
): Promise<Outcome> {
  const outcome = await RUNS[level](deployed, seed, isTold).run();
  if (isTold || outcome.violation === undefined) return outcome;
  return RUNS[level](deployed, seed, true).run();
}

import { deploy } from './build.ts';
import { play, type Level } from './levels.ts';
import type { Outcome } from './outcome.ts';

export interface Range {
  readonly from: number;
  readonly seeds: number;
  readonly levels: readonly Level[];
  readonly trace: boolean;
  /** After so many minutes no further seed is begun. @defaultValue no limit */
  readonly minutes: number | undefined;
}

/** Plays seeds one after the other and tells what went wrong. */
export async function runSeeds({
  from,
  seeds,
  levels,
  trace,
  minutes,
}: Range): Promise<Map<string, number>> {
  const sums = new Map<string, number>([
    ['sim.seeds', 0],
    ['sim.violations', 0],
  ]);
  const add = (name: string, by: number): void => {
    sums.set(`sim.${name}`, (sums.get(`sim.${name}`) ?? 0) + by);
  };
  const deployed = await deploy();
  const untilMs = minutes === undefined ? Number.POSITIVE_INFINITY : minutes * 60_000;
  for (let seed = from; seed < from + seeds && performance.now() < untilMs; seed++) {
    for (const level of levels) {
      const outcome = await play(level, deployed, seed, trace);
      if (outcome.violation !== undefined) add('violations', 1);
      add('ops', outcome.operations);
      add('hits', outcome.hits);
      for (const [fault, times] of Object.entries(outcome.faults)) add(`faults.${fault}`, times);
      if (trace || outcome.violation !== undefined) console.log(describe(level, outcome));
    }
    add('seeds', 1);
  }
  return sums;
}

function describe(level: Level, { seed, settings, violation, timeline }: Outcome): string {
  return [
    `\n── ${level}, seed ${String(seed)} ${'─'.repeat(60)}`,
    JSON.stringify(settings),
    ...timeline,
    violation === undefined ? 'nothing is wrong' : `${violation.checker}: ${violation.detail}`,
    `replay: npm run sim -- --level ${level} --from ${String(seed)} --seeds 1 --trace`,
  ].join('\n');
}

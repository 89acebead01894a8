import { parseArgs } from 'node:util';
import { reportMetrics } from '@boost-tooling/metrics';
import { deploy } from './build.ts';
import { LEVELS, play, type Level } from './levels.ts';
import { MUTANTS } from './mutants/index.ts';
import type { Outcome } from './outcome.ts';
import { catchMutant } from './teeth.ts';

const USAGE = `npm run sim -- [options]

  --from N     the first seed                                         (1)
  --seeds N    how many seeds to run, or to give each mutant at most  (1000, 2000)
  --level L    kv or coordinator                                      (both)
  --trace      print the timeline of each run
  --teeth      run the mutants of the production code instead: each must be caught
  --mutant T   of those, the ones whose name contains this text       (all)
  --json FILE  where to write the metrics
`;

interface Options {
  readonly from: number;
  readonly seeds: number;
  readonly levels: readonly Level[];
  readonly trace: boolean;
  readonly json: string | undefined;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string', default: '1' },
      seeds: { type: 'string' },
      level: { type: 'string' },
      trace: { type: 'boolean', default: false },
      teeth: { type: 'boolean', default: false },
      mutant: { type: 'string', default: '' },
      json: { type: 'string' },
    },
  });
  const { teeth, trace, json } = values;
  const from = whole('from', values.from);
  const seeds = whole('seeds', values.seeds ?? (teeth ? '2000' : '1000'));
  const levels = LEVELS.filter((level) => values.level === undefined || values.level === level);
  if (levels.length === 0) throw new TypeError(`--level is kv or coordinator.\n\n${USAGE}`);
  const options = { from, seeds, levels, trace, json };
  await (teeth ? runTeeth(options, values.mutant) : runSeeds(options));
}

async function runSeeds({ from, seeds, levels, trace, json }: Options): Promise<void> {
  const metrics: Record<string, number> = {};
  const add = (name: string, by: number): void => {
    metrics[`sim.${name}`] = (metrics[`sim.${name}`] ?? 0) + by;
  };
  const deployed = await deploy();
  for (let seed = from; seed < from + seeds; seed++) {
    add('seeds', 1);
    for (const level of levels) {
      const outcome = await play(level, deployed, seed, trace);
      add('violations', outcome.violation === undefined ? 0 : 1);
      add('ops', outcome.operations);
      add('hits', outcome.hits);
      for (const [fault, times] of Object.entries(outcome.faults)) add(`faults.${fault}`, times);
      if (trace || outcome.violation !== undefined) console.log(describe(level, outcome));
    }
  }
  report(metrics, { 'sim.violations': { max: 0 } }, from, json);
}

async function runTeeth({ from, seeds, json }: Options, named: string): Promise<void> {
  const metrics: Record<string, number> = {};
  let missed = 0;
  for (const mutant of MUTANTS.filter(({ name }) => name.includes(named))) {
    const caught = await catchMutant(mutant, from, seeds);
    if (caught === undefined) missed += 1;
    else metrics[`sim.teeth.${mutant.name}`] = caught.seeds;
    const how =
      caught === undefined
        ? 'NOT CAUGHT'
        : `caught by ${caught.violation.checker} after ${String(caught.seeds)} seeds`;
    console.log(`without the rule "${mutant.name}": ${how}`);
  }
  metrics['sim.teeth_missed'] = missed;
  report(metrics, { 'sim.teeth_missed': { max: 0 } }, from, json);
}

function report(
  metrics: Record<string, number>,
  bars: Record<string, { max: number }>,
  seed: number,
  json: string | undefined,
): void {
  const command = `npm run sim -- ${process.argv.slice(2).join(' ')}`;
  reportMetrics({ metrics, bars, seed, command, ...(json === undefined ? {} : { json }) });
}

function describe(level: Level, { seed, settings, violation, timeline }: Outcome): string {
  return [
    `\n── seed ${String(seed)} ${'─'.repeat(60)}`,
    JSON.stringify(settings),
    ...timeline,
    violation === undefined ? 'nothing is wrong' : `${violation.checker}: ${violation.detail}`,
    `replay: npm run sim -- --level ${level} --from ${String(seed)} --seeds 1 --trace`,
  ].join('\n');
}

/** @throws TypeError when it is none */
function whole(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new TypeError(`--${option} takes a whole number, not "${text}".\n\n${USAGE}`);
}

await main();

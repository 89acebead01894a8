import { parseArgs } from 'node:util';
import { reportMetrics } from '@boost-tooling/metrics';
import { LEVELS } from './levels.ts';
import { MUTANTS } from './mutants/index.ts';
import { writeTable, type Row } from './proof.ts';
import type { Range } from './seeds.ts';
import { catchMutant } from './teeth.ts';
import { runWorkers } from './workers.ts';

const USAGE = `npm run sim -- [options]

  --from N     the first seed                                         (1)
  --seeds N    how many seeds to run, or to give each mutant at most  (1000, 2000)
  --level L    kv or coordinator                                      (both)
  --workers N  how many threads share the seeds                       (1)
  --minutes N  after so many minutes no further seed is begun         (no limit)
  --trace      print the timeline of each run
  --teeth      run the mutants of the production code instead: each must be caught
  --mutant T   of those, the ones whose name contains this text       (all)
  --proof      write what caught them into docs/proof.md
  --json FILE  where to write the metrics
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string', default: '1' },
      seeds: { type: 'string' },
      level: { type: 'string' },
      workers: { type: 'string', default: '1' },
      minutes: { type: 'string' },
      trace: { type: 'boolean', default: false },
      teeth: { type: 'boolean', default: false },
      mutant: { type: 'string', default: '' },
      proof: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  const { teeth, trace, mutant, proof, json } = values;
  const from = whole('from', values.from);
  const seeds = whole('seeds', values.seeds ?? (teeth ? '2000' : '1000'));
  if (teeth) return runTeeth({ from, seeds, named: mutant, proof, json });
  const levels = LEVELS.filter((level) => values.level === undefined || values.level === level);
  if (levels.length === 0) throw new TypeError(`--level is kv or coordinator.\n\n${USAGE}`);
  const minutes = values.minutes === undefined ? undefined : whole('minutes', values.minutes);
  const range: Range = { from, seeds, levels, trace, minutes };
  const sums = await runWorkers(range, whole('workers', values.workers));
  report(Object.fromEntries(sums), { 'sim.violations': { max: 0 } }, from, json);
}

interface TeethOptions {
  readonly from: number;
  readonly seeds: number;
  readonly named: string;
  readonly proof: boolean;
  readonly json: string | undefined;
}

async function runTeeth({ from, seeds, named, proof, json }: TeethOptions): Promise<void> {
  const metrics: Record<string, number> = {};
  const rows: Row[] = [];
  let missed = 0;
  for (const mutant of MUTANTS.filter(({ name }) => name.includes(named))) {
    const caught = await catchMutant(mutant, from, seeds);
    if (caught === undefined) missed += 1;
    else metrics[`sim.teeth.${mutant.name}`] = caught.seeds;
    rows.push({
      name: mutant.name,
      caught: caught && { by: caught.violation.checker, seeds: caught.seeds },
      seeds,
    });
    const how =
      caught === undefined
        ? 'NOT CAUGHT'
        : `caught by ${caught.violation.checker} after ${String(caught.seeds)} seeds`;
    console.log(`without the rule "${mutant.name}": ${how}`);
  }
  if (proof) await writeTable(rows);
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

/** @throws TypeError when it is none */
function whole(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new TypeError(`--${option} takes a whole number, not "${text}".\n\n${USAGE}`);
}

// Errors are part of a run, by the thousand, and are told by their message.
Error.stackTraceLimit = 0;
await main();

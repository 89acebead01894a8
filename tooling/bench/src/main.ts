import { reportMetrics } from '@boost-tooling/metrics';
import { Command } from 'commander';
import { analyticsGroup } from './analytics/analytics.ts';
import { codecGroup } from './codec.ts';
import { coordinatorGroup } from './coordinator/coordinator.ts';
import { generateGroup } from './generate.ts';
import type { BenchGroup } from './group.ts';
import { hitGroup } from './hit/hit.ts';
import { planGroup } from './plan.ts';
import { typesGroup } from './types.ts';
import { workloadGroup } from './workload/workload.ts';

const GROUPS: readonly BenchGroup[] = [
  planGroup,
  codecGroup,
  hitGroup,
  coordinatorGroup,
  workloadGroup,
  generateGroup,
  analyticsGroup,
  typesGroup,
];

interface Options {
  readonly only?: string;
  readonly list?: true;
  readonly barsOnly?: true;
  readonly json?: string;
}

const program = new Command('npm run bench --')
  .description('Figures side by side: medians of interleaved runs.')
  .option('--only <groups>', 'groups to run, divided by commas')
  .option('--bars-only', 'leaves out what has no bar (other products, for one)')
  .option('--list', 'lists the groups')
  .option('--json <file>', 'writes { metrics, seed, command }')
  .parse();
const options = program.opts<Options>();

if (options.list === true) {
  for (const { name, about } of GROUPS) console.log(`${name.padEnd(12)} ${about}`);
} else {
  const names = options.only?.split(',') ?? GROUPS.map(({ name }) => name);
  const unknown = names.filter((name) => !GROUPS.some((group) => group.name === name));
  if (unknown.length > 0) program.error(`no such group: ${unknown.join()}; see --list`);
  const barsOnly = options.barsOnly ?? false;
  const metrics: Record<string, number> = {};
  const bars = {};
  for (const group of GROUPS.filter(({ name }) => names.includes(name))) {
    Object.assign(metrics, await group.run({ barsOnly }));
    Object.assign(bars, group.bars);
  }
  const command = `npm run bench -- --only ${names.join()}${barsOnly ? ' --bars-only' : ''}`;
  reportMetrics({
    metrics,
    bars,
    command,
    ...(options.json === undefined ? {} : { json: options.json }),
  });
}

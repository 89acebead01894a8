import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Bar } from '@boost-tooling/metrics';
import { parseConfig } from '@boost/core';
import * as config from '../../prisma/generated/cache/cacheConfig.js';
import { median, type BenchGroup } from '../group.ts';
import { CI_SIZE } from './data.ts';
import { runAll } from './parallel.ts';
import type { Tally } from './run.ts';
import { KV_SCOPES, type StrategyName } from './strategies/strategies.ts';
import type { Authors } from './pages.ts';
import type { Task } from './task.ts';
import type { Skew, Viewer } from './traffic.ts';
import { validate } from './validate.ts';

const SKEWS: readonly Skew[] = ['votes', 'zipf'];
const VIEWERS: readonly Viewer[] = ['anonymous', 'user'];

/** Each figure is the median over these: one story that everyone votes for moves a single seed's precision by a few percent. */
const SEEDS = [1, 2, 3];
/** Strategies without bars run with the first seed alone. */
const COMPARED: readonly StrategyName[] = ['redis', 'ttl'];
const PLANNED: readonly StrategyName[] = ['field', 'row', 'model', 'oracle'];

/** Strategies that run with whole rows of authors as well, to show what that costs. */
const WHOLE_ROWS: readonly StrategyName[] = ['field', 'row'];

/** Pages that the real client is asked for as well. */
const VALIDATED_SIZE = { ...CI_SIZE, warmUpPages: 0, pages: 6000 };

/** The page mix of Lobsters under one cache after another: what survives which write. */
export const workloadGroup: BenchGroup = {
  name: 'workload',
  about:
    'the Lobsters page mix: hits, precision, stale hits and database reads of cache strategies',
  bars: bars(),
  async run({ barsOnly }) {
    const tasks = tasksOf(barsOnly);
    const strategies = barsOnly ? PLANNED : [...PLANNED, ...COMPARED];
    const tallies = await runAll(tasks);
    const schemaFile = fileURLToPath(new URL('../../prisma/schema.prisma', import.meta.url));
    const metrics: Record<string, number> = {
      'workload.validated': await validate({
        schema: parseConfig(config),
        schemaText: await readFile(schemaFile, 'utf8'),
        seed: 1,
        size: VALIDATED_SIZE,
        skew: 'zipf',
        viewer: 'user',
        authors: 'names',
      }),
    };
    for (const skew of SKEWS) {
      for (const viewer of VIEWERS) {
        const of = (strategy: StrategyName, authors: Authors = 'names'): readonly Tally[] => {
          const wanted = { skew, viewer, authors, strategy };
          return tallies.filter((_, position) => isMatch(tasks[position], wanted));
        };
        const prefix = `workload.${skew}.${viewer}`;
        for (const name of strategies) {
          Object.assign(metrics, metricsOf(`${prefix}.${name}`, of(name)));
        }
        for (const name of barsOnly ? [] : WHOLE_ROWS) {
          const wholeRows = `workload.whole_rows.${skew}.${viewer}.${name}`;
          Object.assign(metrics, metricsOf(wholeRows, of(name, 'rows')));
        }
        const ratio = (metric: string, a: string, b: string): number =>
          Number(metrics[`${prefix}.${a}.${metric}`]) / Number(metrics[`${prefix}.${b}.${metric}`]);
        metrics[`${prefix}.field_vs_oracle_hits`] = ratio('hits', 'field', 'oracle');
        metrics[`${prefix}.model_vs_field_db_reads`] = ratio('db_reads', 'model', 'field');
        for (const name of ['field', 'row'] as const) report(`${prefix}.${name}`, of(name));
      }
    }
    return metrics;
  },
};

/** The slowest first, so that no processor is left with one of them at the end. */
function tasksOf(barsOnly: boolean): readonly Task[] {
  const tasks = (
    strategies: readonly StrategyName[],
    seeds: readonly number[],
    authors: Authors,
  ): Task[] =>
    strategies.flatMap((strategy) =>
      seeds.flatMap((seed) =>
        SKEWS.flatMap((skew) =>
          VIEWERS.map((viewer) => ({ strategy, seed, size: CI_SIZE, skew, viewer, authors })),
        ),
      ),
    );
  const planned = tasks(PLANNED, SEEDS, 'names');
  if (barsOnly) return planned;
  const first = SEEDS.slice(0, 1);
  return [...tasks(COMPARED, first, 'names'), ...planned, ...tasks(WHOLE_ROWS, first, 'rows')];
}

function isMatch(task: Task | undefined, wanted: Partial<Task>): boolean {
  return Object.entries(wanted).every(([name, value]) => task?.[name as keyof Task] === value);
}

function metricsOf(prefix: string, tallies: readonly Tally[]): Record<string, number> {
  const typical = (figure: (tally: Tally) => number): number => median(tallies.map(figure));
  return {
    [`${prefix}.hits`]: typical(({ hits, reads }) => hits / reads),
    [`${prefix}.precision`]: typical(
      ({ needless, dropped }) => 1 - needless / Math.max(1, dropped),
    ),
    [`${prefix}.needless_per_write`]: typical(({ needless, writes }) => needless / writes),
    // Of all seeds together: a median would hide one.
    [`${prefix}.stale`]: tallies.reduce((sum, { stale }) => sum + stale, 0),
    [`${prefix}.most_scopes`]: Math.max(...tallies.map(({ mostScopes }) => mostScopes)),
    [`${prefix}.db_reads`]: typical(({ dbReads }) => dbReads),
  };
}

/** Where the needless invalidations come from. */
function report(prefix: string, tallies: readonly Tally[]): void {
  const causes = [...(tallies[0]?.causes ?? [])].toSorted(([, a], [, b]) => b - a);
  for (const [cause, times] of causes.slice(0, 5)) {
    console.log(`${prefix}: ${String(times)} needless by ${cause}`);
  }
}

function bars(): Record<string, Bar> {
  const found: Record<string, Bar> = {};
  for (const skew of SKEWS) {
    const prefix = `workload.${skew}`;
    found[`${prefix}.anonymous.field.hits`] = { min: 0.95 };
    found[`${prefix}.anonymous.field.precision`] = { min: 0.8 };
    found[`${prefix}.anonymous.row.hits`] = { min: 0.9 };
    found[`${prefix}.user.field.hits`] = { min: 0.78 };
    // Logged in, even the oracle asks the database more often than that: each viewer's votes are read for the first time.
    found[`${prefix}.anonymous.model_vs_field_db_reads`] = { min: 8 };
    for (const viewer of VIEWERS) {
      found[`${prefix}.${viewer}.field_vs_oracle_hits`] = { min: 0.97 };
      found[`${prefix}.${viewer}.row.most_scopes`] = { max: KV_SCOPES };
      for (const name of ['field', 'row', 'model', 'oracle']) {
        found[`${prefix}.${viewer}.${name}.stale`] = { max: 0 };
      }
    }
  }
  return found;
}

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Bar } from '@boost-tooling/metrics';
import { parseConfig } from '@boost/core';
import * as config from '../../prisma/generated/cache/cacheConfig.js';
import type { BenchGroup } from '../group.ts';
import { CI_SIZE } from './data.ts';
import { run, type Tally } from './run.ts';
import { OracleStrategy } from './strategies/oracle.ts';
import { PlannedStrategy } from './strategies/planned.ts';
import { RedisStrategy } from './strategies/redis.ts';
import type { Strategy, World } from './strategies/strategy.ts';
import { TtlStrategy } from './strategies/ttl.ts';
import { validate } from './validate.ts';
import type { Skew, Viewer } from './traffic.ts';

const SEED = 1;
const SKEWS: readonly Skew[] = ['votes', 'zipf'];
const VIEWERS: readonly Viewer[] = ['anonymous', 'user'];

/** Workers KV reads an epoch key per scope of an entry: ten at most. */
const KV_SCOPES = 10;

const STRATEGIES: Readonly<Record<string, (world: World) => Strategy>> = {
  field: (world) => new PlannedStrategy(world, { granularity: 'field', maxScopes: 500 }),
  row: (world) => new PlannedStrategy(world, { granularity: 'row', maxScopes: KV_SCOPES }),
  model: (world) => new PlannedStrategy(world, { granularity: 'model', maxScopes: KV_SCOPES }),
  ttl: (world) => new TtlStrategy(world),
  oracle: (world) => new OracleStrategy(world),
  redis: (world) => new RedisStrategy(world),
};

/** The page mix of Lobsters under one cache after another: what survives which write. */
export const workloadGroup: BenchGroup = {
  name: 'workload',
  about:
    'the Lobsters page mix: hits, precision, stale hits and database reads of cache strategies',
  bars: bars(),
  async run() {
    const schema = parseConfig(config);
    const schemaFile = fileURLToPath(new URL('../../prisma/schema.prisma', import.meta.url));
    const schemaText = await readFile(schemaFile, 'utf8');
    const traffic = { schema, seed: SEED, size: CI_SIZE };
    const metrics: Record<string, number> = {
      'workload.validated': await validate({
        ...traffic,
        schemaText,
        skew: 'zipf',
        viewer: 'user',
      }),
    };
    for (const skew of SKEWS) {
      for (const viewer of VIEWERS) {
        const prefix = `workload.${skew}.${viewer}`;
        const tallies: Record<string, Tally> = {};
        for (const [name, strategy] of Object.entries(STRATEGIES)) {
          const tally = await run({ ...traffic, skew, viewer, strategy });
          tallies[name] = tally;
          Object.assign(metrics, metricsOf(`${prefix}.${name}`, tally));
        }
        const ratio = (part: (tally: Tally) => number, a: string, b: string): number =>
          part(tallies[a] as Tally) / part(tallies[b] as Tally);
        metrics[`${prefix}.field_vs_oracle_hits`] = ratio(({ hits }) => hits, 'field', 'oracle');
        metrics[`${prefix}.model_vs_field_db_reads`] = ratio(
          ({ dbReads }) => dbReads,
          'model',
          'field',
        );
        report(prefix, tallies);
      }
    }
    return metrics;
  },
};

function metricsOf(prefix: string, tally: Tally): Record<string, number> {
  return {
    [`${prefix}.hits`]: tally.hits / tally.reads,
    [`${prefix}.precision`]: 1 - tally.needless / Math.max(1, tally.dropped),
    [`${prefix}.needless_per_write`]: tally.needless / tally.writes,
    [`${prefix}.stale`]: tally.stale,
    [`${prefix}.db_reads`]: tally.dbReads,
  };
}

/** Where the needless invalidations come from. */
function report(prefix: string, tallies: Readonly<Record<string, Tally>>): void {
  for (const name of ['field', 'row']) {
    const causes = [...(tallies[name]?.causes ?? [])].toSorted(([, a], [, b]) => b - a);
    for (const [cause, times] of causes.slice(0, 5)) {
      console.log(`${prefix}.${name}: ${String(times)} needless by ${cause}`);
    }
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
      for (const name of ['field', 'row', 'model', 'oracle']) {
        found[`${prefix}.${viewer}.${name}.stale`] = { max: 0 };
      }
    }
  }
  return found;
}

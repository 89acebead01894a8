import { median, type BenchGroup } from '../group.ts';
import { routerCosts } from './router.ts';
import { crossTenantReads } from './tenants.ts';
import { startTimedWorker } from './timed-worker.ts';
import { playWorkload } from './workload.ts';

/** Runs of a case in one round: some tens of milliseconds each. */
const RUNS: Readonly<Record<string, number>> = {
  sync: 1_000,
  noop: 1_000,
  fence: 50,
  writes: 50,
  session: 3_000,
  memory: 3_000,
};

/** Writes in one round. Each is timed until it resolves: it goes on after that, which would keep the next one waiting. */
const WRITES: Readonly<Record<string, number>> = { write: 30, plain_write: 30 };

/** Of the metrics, the case that is divided and the case by which it is. */
const RATIOS: Readonly<Record<string, readonly [string, string]>> = {
  sync_vs_noop: ['noop', 'sync'],
  fence_vs_writes: ['fence', 'writes'],
  write_vs_plain: ['write', 'plain_write'],
  'hit.session_vs_memory': ['session', 'memory'],
};

const ROUNDS = 9;
const WARM_UP_ROUNDS = 2;
const FUZZED = 1_000_000;
const STRONG_READERS = 200;

/** What a coordinator costs, in workerd; how often the workload asks it; whether tenants can be taken for each other. */
export const coordinatorGroup: BenchGroup = {
  name: 'coordinator',
  about:
    'the coordinator: its calls and writes against bare ones, hits, calls per hit, relays, fuzzed tenants',
  bars: {
    sync_vs_noop: { min: 0.7 },
    fence_vs_writes: { max: 1.5 },
    write_vs_plain: { max: 1.6 },
    'hit.session_vs_memory': { max: 1.2 },
    do_calls_per_hit: { max: 0.05 },
    cold_isolate_hits: { min: 0.95 },
    router_us: { max: 3 },
    primary_calls_per_strong_read: { max: 0.1 },
    'fuzz.cross_tenant': { max: 0 },
  },
  async run() {
    return {
      ...(await inWorkerd()),
      ...routerCosts(),
      ...(await playWorkload()),
      'fuzz.cross_tenant': crossTenantReads(FUZZED),
    };
  },
};

async function inWorkerd(): Promise<Record<string, number>> {
  const worker = await startTimedWorker(new URL('worker', import.meta.url));
  const rounds: Record<string, number>[] = [];
  let primaryCalls: number;
  try {
    primaryCalls = await worker.number(`/relayed?readers=${STRONG_READERS}`);
    for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
      const times: Record<string, number> = {};
      for (const [name, runs] of Object.entries(RUNS)) times[name] = await worker.time(name, runs);
      for (const [name, writes] of Object.entries(WRITES)) {
        times[name] = await worker.number(`/latency?case=${name}&n=${writes}`);
      }
      if (round >= WARM_UP_ROUNDS) rounds.push(times);
    }
  } finally {
    await worker.stop();
  }
  const medianOf = (value: (times: Readonly<Record<string, number>>) => number): number =>
    median(rounds.map(value));
  const metrics: Record<string, number> = { primary_calls_per_strong_read: primaryCalls };
  for (const [metric, [numerator, denominator]] of Object.entries(RATIOS)) {
    metrics[metric] = medianOf((times) => Number(times[numerator]) / Number(times[denominator]));
  }
  for (const name of [...Object.keys(RUNS), ...Object.keys(WRITES)]) {
    metrics[`coordinator_us.${name}`] = medianOf((times) => Number(times[name]));
  }
  return metrics;
}

import { median, type BenchGroup } from '../group.ts';
import { startPeers } from './peer.ts';
import { configBytesPerModel, workerBytes } from './sizes.ts';
import { startWorker } from './worker-runs.ts';

/** Runs of a case in one round: some tens of milliseconds each. */
const RUNS: Readonly<Record<string, number>> = {
  'extends.point': 3_000,
  'memory.point': 3_000,
  'extends.list': 1_000,
  'memory.list': 1_000,
  'uncached.point': 100,
  'uncached.list': 40,
  'kv.point': 150,
  'get.point': 150,
  'kv.list': 100,
  miss: 150,
  no_miss: 150,
  client: 150,
  client_extended: 150,
  no_client: 150,
};

/** Of the metrics, the case that is divided and the case by which it is. */
const RATIOS: Readonly<Record<string, readonly [string, string]>> = {
  'hit.memory_vs_extends.point': ['memory.point', 'extends.point'],
  'hit.memory_vs_extends.list': ['memory.list', 'extends.list'],
  'hit.uncached_vs_memory.point': ['uncached.point', 'memory.point'],
  'hit.uncached_vs_memory.list': ['uncached.list', 'memory.list'],
  'hit.kv_vs_get': ['kv.point', 'get.point'],
  'hit.uncached_vs_kv.point': ['uncached.point', 'kv.point'],
  'hit.uncached_vs_kv.list': ['uncached.list', 'kv.list'],
  miss_vs_uncached: ['miss', 'no_miss'],
  client_vs_plain: ['client', 'client_extended'],
  'client_vs_plain.without_extends': ['client', 'no_client'],
};

const ROUNDS = 9;
const WARM_UP_ROUNDS = 2;
const COALESCED_READS = 100;

type Times = Record<string, number>;

/** What a hit costs, in workerd and against another cache in Node; what a worker loads; what identical reads ask. */
export const hitGroup: BenchGroup = {
  name: 'hit',
  about:
    'hits, misses and sizes: ratios per round in workerd, and to prisma-extension-redis in Node',
  bars: {
    'hit.memory_vs_extends.point': { max: 2 },
    'hit.memory_vs_extends.list': { max: 3.2 },
    'hit.kv_vs_get': { max: 1.35 },
    'hit.uncached_vs_memory.list': { min: 20 },
    'hit.memory_vs_redis_extension.list': { max: 1.1 },
    client_vs_plain: { max: 1.15 },
    'size.config_gzip_bytes_per_model': { max: 120 },
    coalesced_queries: { max: 1 },
  },
  async run() {
    return {
      ...(await inWorkerd()),
      ...(await againstPeer()),
      'size.worker_gzip_bytes': await workerBytes(),
      'size.config_gzip_bytes_per_model': await configBytesPerModel(),
    };
  },
};

async function inWorkerd(): Promise<Record<string, number>> {
  const worker = await startWorker();
  try {
    const rounds = await interleaved(async (name, runs) => worker.time(name, runs), RUNS);
    const metrics: Record<string, number> = {};
    for (const [metric, [numerator, denominator]] of Object.entries(RATIOS)) {
      metrics[metric] = ratioOf(rounds, numerator, denominator);
    }
    for (const name of Object.keys(RUNS)) metrics[`hit_us.${name}`] = medianOf(rounds, name);
    return { ...metrics, coalesced_queries: await worker.coalesce(COALESCED_READS) };
  } finally {
    await worker.stop();
  }
}

async function againstPeer(): Promise<Record<string, number>> {
  const peers = await startPeers();
  try {
    const metrics: Record<string, number> = {};
    for (const [name, runs] of [
      ['point', 3_000],
      ['list', 1_000],
    ] as const) {
      const time = async (whose: string, n: number): Promise<number> => {
        const read = whose === 'ours' ? peers.ours[name] : peers.theirs[name];
        const started = performance.now();
        for (let call = 0; call < n; call++) await read();
        return ((performance.now() - started) / n) * 1000;
      };
      const rounds = await interleaved(time, { ours: runs, theirs: runs });
      metrics[`hit.memory_vs_redis_extension.${name}`] = ratioOf(rounds, 'ours', 'theirs');
    }
    return metrics;
  } finally {
    await peers.close();
  }
}

/** All cases in turn, in every round; the first rounds warm up. */
async function interleaved(
  time: (name: string, runs: number) => Promise<number>,
  cases: Readonly<Record<string, number>>,
): Promise<readonly Times[]> {
  const rounds: Times[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const times: Times = {};
    for (const [name, runs] of Object.entries(cases)) times[name] = await time(name, runs);
    if (round >= WARM_UP_ROUNDS) rounds.push(times);
  }
  return rounds;
}

function ratioOf(rounds: readonly Times[], numerator: string, denominator: string): number {
  return median(rounds.map((times) => timeOf(times, numerator) / timeOf(times, denominator)));
}

function medianOf(rounds: readonly Times[], name: string): number {
  return median(rounds.map((times) => timeOf(times, name)));
}

function timeOf(times: Times, name: string): number {
  const time = times[name];
  if (time === undefined) throw new RangeError(`${name} was not measured`);
  return time;
}

import {
  INVALIDATION,
  INVALIDATION_BLOBS,
  PAIR_KIND,
  Recorder,
  STORE,
  STORE_KIND,
  placementHints,
  targetsOf,
  type DataPoint,
  type ModelPair,
} from '@boost/analytics';
import {
  createEngine,
  createMemoryAdapter,
  parseConfig,
  type EngineEvent,
  type InvalidateEvent,
  type Schema,
} from '@boost/core';
import * as config from '../../prisma/generated/cache/cacheConfig.js';
import { median, type BenchGroup } from '../group.ts';
import { CI_SIZE } from '../workload/data.ts';
import { portsOf, visit } from './site.ts';

/** Few enough to be quick, and enough that writes of every kind occur. */
const SIZE = { ...CI_SIZE, warmUpPages: 0, pages: 6_000 };
const SHARDS = 3;
const ROUNDS = 9;
const READS = 4_000;

export const analyticsGroup: BenchGroup = {
  name: 'analytics',
  about:
    'what an event costs a hit, estimated against billed cost, invalidations that stay on one shard',
  bars: {
    'analytics.event_us': { max: 2 },
    'analytics.events_when_disabled': { max: 0 },
    'analytics.cost_error': { max: 0.05 },
    'analytics.affinity.gain': { min: 0.01 },
  },
  async run() {
    const schema = parseConfig(config);
    return { ...(await costOfEvents(schema)), ...(await costAndAffinity(schema)) };
  },
};

/** Processor time of a hit in memory with analytics beyond one without, in turns. */
async function costOfEvents(schema: Schema): Promise<Record<string, number>> {
  let points = 0;
  const ports = portsOf(() => Date.UTC(2026, 0));
  const dataset = {
    writeDataPoint(): void {
      points += 1;
    },
  };
  const recorder = new Recorder({ dataset, ports });
  const [off, on] = [hitter(schema, undefined), hitter(schema, (event) => recorder.record(event))];
  const times: Record<'off' | 'on', number[]> = { off: [], on: [] };
  let pointsOff = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, hit] of [
      ['off', off],
      ['on', on],
    ] as const) {
      const before = process.cpuUsage();
      const written = points;
      for (let read = 0; read < READS; read++) await hit();
      await recorder.flush();
      const { user, system } = process.cpuUsage(before);
      if (name === 'off') pointsOff += points - written;
      // The first round warms up.
      if (round > 0) times[name].push((user + system) / READS);
    }
  }
  const each = times.on.map((time, round) => time - (times.off[round] ?? 0));
  return {
    'analytics.event_us': Math.max(0, median(each)),
    'analytics.hit_us.enabled': median(times.on),
    'analytics.hit_us.disabled': median(times.off),
    'analytics.events_when_disabled': pointsOff,
  };
}

function hitter(
  schema: Schema,
  onEvent: ((event: EngineEvent) => void) | undefined,
): () => Promise<unknown> {
  const ports = portsOf(() => Date.UTC(2026, 0));
  const engine = createEngine({
    ...{ ports, schema, adapter: createMemoryAdapter({ clock: ports.clock }), version: 'v1' },
    makeDecimal: String,
    ...(onEvent === undefined ? {} : { onEvent }),
  });
  const context = { tenant: undefined, user: undefined, session: engine.session() };
  const operation = { model: 'User', action: 'findUnique', args: { where: { id: 1 } } } as const;
  const execute = (): Promise<unknown> => Promise.resolve({ id: 1 });
  return () => engine.read({ operation, strategy: {}, context, execute });
}

/** The workload once: its bill, and which models it invalidates together. Hints are learned from one half and tried on the other. */
async function costAndAffinity(schema: Schema): Promise<Record<string, number>> {
  const [performance, invalidations]: DataPoint[][] = [[], []];
  const into = (points: DataPoint[] | undefined) => ({
    writeDataPoint: (point: DataPoint) => void points?.push(point),
  });
  const recorder = new Recorder({
    dataset: into(performance),
    invalidations: into(invalidations),
    ports: portsOf(() => 0),
  });
  const events: InvalidateEvent[] = [];
  const { usd } = await visit(schema, SIZE, (event) => {
    if (event.type === 'invalidate') events.push(event);
    const isTried = event.type === 'invalidate' && events.length % 2 === 0;
    if (!isTried) recorder.record(event);
  });
  await recorder.flush();
  const estimated = (performance ?? [])
    .filter(({ blobs }) => blobs[0] === STORE_KIND)
    .reduce((sum, { doubles }) => sum + (doubles[STORE.costUsd - 1] ?? 0), 0);
  const tried = events.filter((_, at) => at % 2 === 1);
  const hinted = placementHints(pairsIn(invalidations ?? []), SHARDS);
  const withHints = share(tried, (model) => hinted.findIndex((group) => group.includes(model)));
  const without = share(tried, (model) => hash(model) % SHARDS);
  return {
    'analytics.cost_error': Math.abs(estimated - usd) / usd,
    'analytics.affinity.single_shard': withHints,
    'analytics.affinity.single_shard_without': without,
    'analytics.affinity.gain': withHints - without,
  };
}

function pairsIn(points: readonly DataPoint[]): ModelPair[] {
  const pairs = new Map<string, ModelPair>();
  for (const { blobs, doubles } of points) {
    if (blobs[0] !== PAIR_KIND) continue;
    const mutated = blobs[INVALIDATION_BLOBS.mutatedModel - 1] ?? '';
    const target = blobs[INVALIDATION_BLOBS.targetModel - 1] ?? '';
    const key = `${mutated}>${target}`;
    const before = pairs.get(key)?.invalidations ?? 0;
    const more = doubles[INVALIDATION.invalidations - 1] ?? 0;
    pairs.set(key, { mutated, target, invalidations: before + more });
  }
  return [...pairs.values()];
}

/** Of the invalidations, those whose models are all on one shard. */
function share(events: readonly InvalidateEvent[], shardOf: (model: string) => number): number {
  const single = events.filter((event) => {
    const models = new Set([event.model, ...targetsOf(event)]);
    return new Set([...models].map(shardOf)).size === 1;
  });
  return single.length / events.length;
}

/** FNV-1a: where a model lies whom nobody places. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return value >>> 0;
}

import type { Granularity } from '@boost/core';
import type { InvalidationPolicy } from '@boost/prisma';
import type { Arena, Arenas } from './arena.ts';
import { createStore, type AuthorityKind } from './oracle/cached-client.ts';
import { CacheSession } from './oracle/cache.ts';
import { MovedClock } from './oracle/clock.ts';
import { signature, type Finding } from './oracle/finding.ts';
import type { CacheMetrics, SessionCount } from './oracle/metrics.ts';
import { GRANULARITIES, randomSettings } from './oracle/views.ts';
import { Random } from './random.ts';
import { shrunk } from './shrunk.ts';

export interface CacheRunOptions {
  readonly arenas: Arenas;
  readonly seed: number;
  readonly metrics: CacheMetrics;
  readonly granularities?: readonly Granularity[];
  readonly authorities?: readonly AuthorityKind[];
  /** Whether to go on; asked before every write. */
  readonly goOn: () => boolean;
  readonly onFinding: (finding: Finding) => void;
  readonly onSession?: (count: SessionCount) => void;
  /** @defaultValue true */
  readonly shrink?: boolean;
  /** Writes between two empty databases. @defaultValue 40 */
  readonly sessionLength?: number;
}

export const AUTHORITIES: readonly AuthorityKind[] = ['memory', 'kv'];

const POLICIES: readonly InvalidationPolicy[] = [
  {},
  {},
  { strategy: 'hybrid' },
  { strategy: 'delete', maxDeletes: 5 },
  { fallback: 'epoch-model' },
];

/** Session after session of a client with the cache in front, over all schemas and databases in turn. */
export async function runCache(options: CacheRunOptions): Promise<void> {
  const clock = new MovedClock();
  clock.install();
  try {
    const seen = new Set<string>();
    for (let number = 0; options.goOn(); number++) {
      const seed = options.seed + number;
      const arena = options.arenas.all[seed % options.arenas.all.length];
      if (arena === undefined) throw new TypeError('There is no schema to run on.');
      await runSession(options, arena, seed, clock, seen);
    }
  } finally {
    clock.restore();
  }
}

async function runSession(
  options: CacheRunOptions,
  arena: Arena,
  seed: number,
  clock: MovedClock,
  seen: Set<string>,
): Promise<void> {
  const { arenas, metrics, sessionLength = 40 } = options;
  const { granularities = GRANULARITIES, authorities = AUTHORITIES } = options;
  const before = { ops: metrics.ops, compared: metrics.reads };
  const schema = await arenas.schema(arena);
  const random = new Random(seed);
  const findings: Finding[] = [];
  const store = createStore(random.pick(authorities));
  const common = {
    schema,
    store,
    granularity: random.pick(granularities),
    policy: random.pick(POLICIES),
    settings: randomSettings(random, schema.info),
    seed,
    metrics,
    advance: (milliseconds: number) => clock.advance(milliseconds),
    onFinding(finding: Finding) {
      const mark = signature(finding);
      if (seen.has(mark)) return;
      seen.add(mark);
      findings.push(finding);
    },
  };
  const database = await arenas.database(arena, 'run');
  const client = schema.createClient(database.adapter());
  const clients = [client];
  const sessions: CacheSession[] = [];
  if (random.chance(0.25)) {
    const session = new CacheSession({ ...common, random, database, client, tenant: 'north' });
    const other = await arenas.database(arena, 'neighbour');
    const theirs = schema.createClient(other.adapter());
    clients.push(theirs);
    sessions.push(
      session,
      new CacheSession({
        ...common,
        random: new Random(-seed),
        database: other,
        client: theirs,
        tenant: 'south',
        neighbour: session,
      }),
    );
  } else {
    sessions.push(new CacheSession({ ...common, random, database, client }));
  }
  try {
    for (const session of sessions) await session.start();
    for (let i = 0; i < sessionLength && options.goOn(); i += sessions.length) {
      for (const session of sessions) await session.step();
    }
  } catch (error) {
    sessions[0]?.abandon(error);
  }
  for (const each of clients) await each.$disconnect();
  options.onSession?.({
    schema: schema.name,
    where: `${arena.kind}.${store.authority}.${common.granularity}`,
    ops: metrics.ops - before.ops,
    compared: metrics.reads - before.compared,
  });
  for (const finding of findings) {
    const smallest =
      options.shrink === false
        ? finding
        : await shrunk(finding, schema, await arenas.database(arena, 'shrink'));
    if (smallest !== undefined) options.onFinding(smallest);
  }
}

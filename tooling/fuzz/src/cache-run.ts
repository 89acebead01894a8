import type { Arena, Arenas } from './arena.ts';
import type { AuthorityKind } from './oracle/cached-client.ts';
import { CacheSession } from './oracle/cache.ts';
import { MovedClock } from './oracle/clock.ts';
import { signature, type Finding } from './oracle/finding.ts';
import type { CacheMetrics } from './oracle/metrics.ts';
import { GRANULARITIES, randomSettings } from './oracle/views.ts';
import { Random } from './random.ts';
import { shrunk } from './shrunk.ts';
import type { Granularity } from '@boost/core';

export interface CacheRunOptions {
  readonly arenas: Arenas;
  readonly seed: number;
  readonly metrics: CacheMetrics;
  readonly granularities?: readonly Granularity[];
  readonly authorities?: readonly AuthorityKind[];
  readonly goOn: () => boolean;
  readonly onFinding: (finding: Finding) => void;
  /** @defaultValue true */
  readonly shrink?: boolean;
  /** Writes between two empty databases. @defaultValue 40 */
  readonly sessionLength?: number;
}

export const AUTHORITIES: readonly AuthorityKind[] = ['memory', 'kv'];

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
  const schema = await arenas.schema(arena);
  const random = new Random(seed);
  const database = await arenas.database(arena, 'run');
  const client = schema.createClient(database.adapter());
  const findings: Finding[] = [];
  const session = new CacheSession({
    schema,
    database,
    client,
    authority: random.pick(authorities),
    granularity: random.pick(granularities),
    settings: randomSettings(random, schema.info),
    random,
    seed,
    metrics,
    advance: (milliseconds) => clock.advance(milliseconds),
    onFinding(finding) {
      const mark = signature(finding);
      if (seen.has(mark)) return;
      seen.add(mark);
      findings.push(finding);
    },
  });
  await session.start();
  for (let i = 0; i < sessionLength; i++) await session.step();
  await client.$disconnect();
  for (const finding of findings) {
    const smallest =
      options.shrink === false
        ? finding
        : await shrunk(finding, schema, await arenas.database(arena, 'shrink'));
    if (smallest !== undefined) options.onFinding(smallest);
  }
}

import type { Arenas } from './arena.ts';
import { isMemoryDatabase } from './database/memory.ts';
import type { OpWeights } from './generate/op.ts';
import { signature, type Finding } from './oracle/finding.ts';
import { LawSession } from './oracle/law.ts';
import type { Metrics, SessionCount } from './oracle/metrics.ts';
import { createView, GRANULARITIES, randomSettings } from './oracle/views.ts';
import { Random } from './random.ts';
import { shrunk } from './shrunk.ts';

export interface LawRunOptions {
  readonly arenas: Arenas;
  readonly seed: number;
  readonly metrics: Metrics;
  /** Whether to go on; asked before every write. */
  readonly goOn: () => boolean;
  /** A failure, shrunk; each signature once. */
  readonly onFinding: (finding: Finding) => void;
  readonly onSession?: (count: SessionCount) => void;
  /** False hands failures on at once, as they were found. @defaultValue true */
  readonly shrink?: boolean;
  /** How often what happens. @defaultValue `OP_WEIGHTS` */
  readonly weights?: OpWeights;
  /** Most reads that are worked out after each write. @defaultValue 600 */
  readonly probes?: number;
  /** Writes between two empty databases. @defaultValue 60 */
  readonly sessionLength?: number;
}

/** Session after session, over all schemas and databases in turn, each from a seed of its own. */
export async function runLaw(options: LawRunOptions): Promise<void> {
  const { arenas, metrics, sessionLength = 60 } = options;
  const seen = new Set<string>();
  for (let number = 0; options.goOn(); number++) {
    const seed = options.seed + number;
    const arena = arenas.all[seed % arenas.all.length];
    if (arena === undefined) throw new TypeError('There is no schema to run on.');
    const schema = await arenas.schema(arena);
    const random = new Random(seed);
    const before = { ops: metrics.ops, compared: metrics.compared };
    const database = await arenas.database(arena, 'run');
    const twin = arena.kind === 'libsql' ? await arenas.database(arena, 'twin') : database;
    const client = schema.createClient(database.adapter());
    const settings = randomSettings(random, schema.info);
    const views = random
      .shuffle(GRANULARITIES)
      .map((granularity) => createView(schema.schema, granularity, settings));
    const findings: Finding[] = [];
    const onFinding = (finding: Finding): void => {
      const mark = signature(finding);
      if (seen.has(mark)) return;
      seen.add(mark);
      if (options.shrink === false) options.onFinding(finding);
      else findings.push(finding);
    };
    const session = new LawSession({
      schema,
      database,
      client,
      views,
      settings,
      random,
      seed,
      metrics,
      onFinding,
      ...(options.weights === undefined ? {} : { weights: options.weights }),
      ...(options.probes === undefined ? {} : { probes: options.probes }),
      ...(twin !== database && isMemoryDatabase(twin) ? { twin } : {}),
    });
    try {
      await session.start();
      for (let i = 0; i < sessionLength && options.goOn(); i++) await session.step();
    } catch (error) {
      session.abandon(error);
    }
    await client.$disconnect();
    options.onSession?.({
      schema: schema.name,
      where: arena.kind,
      ops: metrics.ops - before.ops,
      compared: metrics.compared - before.compared,
    });
    for (const finding of findings) {
      const smallest = await shrunk(finding, schema, await arenas.database(arena, 'shrink'));
      if (smallest === undefined) metrics.unconfirmed += 1;
      else options.onFinding(smallest);
    }
  }
}

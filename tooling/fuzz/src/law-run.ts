import type { Arenas } from './arena.ts';
import type { FuzzDatabase } from './database/database.ts';
import { signature, type Case, type Finding } from './oracle/finding.ts';
import { LawSession } from './oracle/law.ts';
import type { Metrics } from './oracle/metrics.ts';
import { createView, GRANULARITIES, randomSettings } from './oracle/views.ts';
import { Random } from './random.ts';
import { replay, type Stage } from './replay.ts';
import type { LoadedSchema } from './schema/load.ts';
import { shrink } from './shrink.ts';

export interface LawRunOptions {
  readonly arenas: Arenas;
  readonly seed: number;
  readonly metrics: Metrics;
  /** Whether to go on; asked after every session. */
  readonly goOn: () => boolean;
  /** A failure, shrunk; each signature once. */
  readonly onFinding: (finding: Finding) => void;
  /** False leaves failures as they were found. @defaultValue true */
  readonly shrink?: boolean;
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
    const database = await arenas.database(arena, 'run');
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
      findings.push(finding);
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
    });
    await session.start();
    for (let i = 0; i < sessionLength; i++) await session.step();
    await client.$disconnect();
    for (const finding of findings) {
      const smallest =
        options.shrink === false
          ? finding
          : await shrunk(finding, schema, await arenas.database(arena, 'shrink'));
      if (smallest === undefined) metrics.unconfirmed += 1;
      else options.onFinding(smallest);
    }
  }
}

/** The smallest case that fails in the same way; undefined where what was worked out is not what the database does. */
export async function shrunk(
  finding: Finding,
  schema: LoadedSchema,
  database: FuzzDatabase,
): Promise<Finding | undefined> {
  const client = schema.createClient(database.adapter());
  const stage: Stage = { schema, database, client };
  const fails = async (candidate: Case): Promise<boolean> =>
    (await replay(stage, candidate, finding.kind)) !== undefined;
  try {
    if (!(await fails(finding.case))) {
      if (finding.worked === true) return undefined;
      const note = 'Not seen again when played from an empty database.';
      return { ...finding, note: [finding.note, note].filter(Boolean).join('\n') };
    }
    const smallest = await shrink(finding.case, fails);
    const again = await replay(stage, smallest, finding.kind);
    return { ...finding, case: smallest, ...again };
  } finally {
    await client.$disconnect();
  }
}

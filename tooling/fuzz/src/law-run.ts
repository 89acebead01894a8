import { kindsFor, type Databases } from './database/open.ts';
import type { DatabaseKind, FuzzDatabase } from './database/database.ts';
import type { Case, Finding } from './oracle/finding.ts';
import { signature } from './oracle/finding.ts';
import { LawSession } from './oracle/law.ts';
import type { Metrics } from './oracle/metrics.ts';
import { createView, GRANULARITIES, randomSettings } from './oracle/views.ts';
import { Random } from './random.ts';
import { replay, type Stage } from './replay.ts';
import type { LoadedSchema } from './schema/load.ts';
import { shrink } from './shrink.ts';

export interface LawRunOptions {
  readonly schemas: readonly LoadedSchema[];
  readonly databases: Databases;
  /** Kinds of databases to run on; a schema runs on those that its provider allows. */
  readonly kinds: readonly DatabaseKind[];
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
  const { schemas, kinds, databases, metrics, sessionLength = 60 } = options;
  const arenas = schemas.flatMap((schema) =>
    kindsFor(schema)
      .filter((kind) => kinds.includes(kind))
      .map((kind) => ({ schema, kind })),
  );
  if (arenas.length === 0) throw new Error('No schema runs on the databases that were asked for.');
  const opened = new Map<string, FuzzDatabase>();
  const open = async (
    purpose: string,
    { schema, kind }: (typeof arenas)[number],
  ): Promise<FuzzDatabase> => {
    const key = `${purpose} ${kind} ${schema.name}`;
    const database = opened.get(key) ?? (await databases.open(kind, schema));
    opened.set(key, database);
    return database;
  };
  const seen = new Set<string>();
  try {
    for (let number = 0; options.goOn(); number++) {
      const arena = arenas[number % arenas.length] as (typeof arenas)[number];
      const { schema } = arena;
      const seed = options.seed + number;
      const random = new Random(seed);
      const database = await open('run', arena);
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
        if (options.shrink === false) options.onFinding(finding);
        else options.onFinding(await shrunk(finding, schema, await open('shrink', arena)));
      }
    }
  } finally {
    for (const database of opened.values()) await database.close();
  }
}

/** The smallest case that fails in the same way. */
export async function shrunk(
  finding: Finding,
  schema: LoadedSchema,
  database: FuzzDatabase,
): Promise<Finding> {
  const client = schema.createClient(database.adapter());
  const stage: Stage = { schema, database, client };
  const fails = async (candidate: Case): Promise<boolean> =>
    (await replay(stage, candidate, finding.kind)) !== undefined;
  try {
    if (!(await fails(finding.case))) {
      return {
        ...finding,
        note: `${finding.note ?? ''} Not seen again when played from an empty database.`,
      };
    }
    const smallest = await shrink(finding.case, fails);
    const again = await replay(stage, smallest, finding.kind);
    return { ...finding, case: smallest, ...again };
  } finally {
    await client.$disconnect();
  }
}

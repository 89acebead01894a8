import type { Op } from './generate/op.ts';
import type { Operation } from './generate/context.ts';
import { createMemoryDatabase, isMemoryDatabase } from './database/memory.ts';
import type { FuzzDatabase } from './database/database.ts';
import type { Case, Finding, FindingKind } from './oracle/finding.ts';
import { perform, type OpRun } from './oracle/perform.ts';
import { intersects, PooledRead, type Answer } from './oracle/reads.ts';
import { State } from './oracle/state.ts';
import { Twin } from './oracle/twin.ts';
import { createView, type View } from './oracle/views.ts';
import type { PrismaClient } from './schema/client.ts';
import type { LoadedSchema } from './schema/load.ts';
import { replayCached } from './replay-cached.ts';
import { performPlainly } from './plain.ts';
import { resolveReferences } from './reference.ts';

/** Where cases are played again: a database of the schema that may be emptied at will. */
export interface Stage {
  readonly schema: LoadedSchema;
  readonly database: FuzzDatabase;
  readonly client: PrismaClient;
}

/** What is wrong. */
export type Seen = Pick<Finding, 'before' | 'after' | 'deps' | 'bumps' | 'note'>;

/**
 * Plays a case from an empty database: its history without planners, then its read, its op and its read again with them.
 *
 * @returns what is wrong, of the kind that was asked for, or undefined where nothing is
 */
export async function replay(
  stage: Stage,
  given: Case,
  kind: FindingKind = 'stale',
): Promise<Seen | undefined> {
  const { schema, database, client } = stage;
  const view = createView(schema.schema, given.granularity, given.settings);
  await database.reset();
  if (given.cache !== undefined) return replayCached(stage, given);
  const resolve = <Value>(value: Value): Value => resolveReferences(schema.info, client, value);
  for (const op of given.history) await performPlainly(schema.info, client, resolve(op));
  const { read, ops } = resolve({ read: given.read, ops: given.ops });
  try {
    return await play(stage, view, read, ops, kind);
  } catch (error) {
    if (kind !== 'crash') return undefined;
    return { before: '', after: '', deps: [], bumps: [], note: String((error as Error).stack) };
  }
}

async function play(
  stage: Stage,
  view: View,
  read: Operation | undefined,
  ops: readonly Op[],
  kind: FindingKind,
): Promise<Seen | undefined> {
  if (read === undefined) return playWrites(stage, view, ops, kind);
  const { schema, client } = stage;
  const views = [view];
  const pooled = new PooledRead(schema.info, views, read);
  pooled.latest = await pooled.ask(client);
  pooled.fill(0, 0);
  if (kind === 'shape') {
    const before = await pooled.askPlainly(client);
    const after = pooled.latest.text;
    return before === after ? undefined : { before, after, deps: [], bumps: [] };
  }
  let found: Seen | undefined;
  let between: Answer | undefined;
  const check = async (run: OpRun): Promise<void> => {
    const entry = pooled.entry(0);
    pooled.latest = await pooled.ask(client);
    const { text } = pooled.latest;
    const stored = between?.deps?.[0];
    const last = kind === 'stale' ? run.last?.bumps[0] : run.last?.fences[0];
    if (between !== undefined && stored !== undefined && last !== undefined) {
      const isStale = between.text !== text && !intersects(stored, last);
      if (isStale)
        found = { before: between.text, after: text, deps: [...stored], bumps: [...last] };
    }
    between = undefined;
    const bumps = run.bumps[0];
    const wanted = kind === 'stale' ? bumps : run.fences[0];
    if (entry === undefined || bumps === undefined || wanted === undefined) {
      pooled.fill(0, 0);
      return;
    }
    const hit = intersects(entry.deps, bumps);
    const excused = kind === 'unfenced' && run.runs.length === 0;
    if (entry.text !== text && !intersects(entry.deps, wanted) && !excused) {
      found ??= { before: entry.text, after: text, deps: [...entry.deps], bumps: [...wanted] };
    }
    if (hit || entry.text !== text) pooled.fill(0, 0);
  };
  const lookBetween = async (): Promise<void> => {
    between = await pooled.ask(client);
  };
  const performer = performerOf(stage, views, check, lookBetween);
  for (const op of ops) await check(await perform(performer, op));
  return found;
}

async function playWrites(
  stage: Stage,
  view: View,
  ops: readonly Op[],
  kind: FindingKind,
): Promise<Seen | undefined> {
  for (const op of ops) {
    if (kind === 'effect') return playEffect(stage, view, op);
    await perform(performerOf(stage, [view]), op);
  }
  return undefined;
}

/** In which order Prisma splits a statement changes from run to run: the op is done plainly as often as makes chance unlikely. */
const PLAIN_RUNS = 8;

/** The op by plan, and plainly on twins of the database: a difference counts where every twin differs. */
async function playEffect(stage: Stage, view: View, op: Op): Promise<Seen | undefined> {
  const { schema, database, client } = stage;
  if (!isMemoryDatabase(database)) return undefined;
  const models = [...schema.info.models.values()];
  const mirrors = Array.from({ length: PLAIN_RUNS }, () =>
    createMemoryDatabase(schema.ddl, { transactions: database.transactions }),
  );
  const twins = mirrors.map(
    (mirror) => new Twin(schema, mirror, schema.createClient(mirror.adapter()), models),
  );
  try {
    for (const twin of twins) twin.follow(database);
    const run = await perform(performerOf(stage, [view]), op);
    const state = new State(schema.info, database, client, models);
    await state.refresh();
    let seen: Seen | undefined;
    for (const twin of twins) {
      const difference = await twin.compare(op, run, state.now);
      if (difference === undefined) return undefined;
      seen = { before: difference.plain, after: difference.planned, deps: [], bumps: [] };
    }
    return seen;
  } finally {
    for (const mirror of mirrors) await mirror.close();
  }
}

function performerOf(
  { schema, client, database }: Stage,
  views: readonly View[],
  betweenWriters: (run: OpRun) => Promise<void> = () => Promise.resolve(),
  betweenStatements: () => Promise<void> = () => Promise.resolve(),
): Parameters<typeof perform>[0] {
  return {
    schema: schema.info,
    client,
    views,
    transactions: database.transactions,
    ...(database.beforeStatements === undefined
      ? {}
      : { beforeStatements: database.beforeStatements }),
    betweenWriters,
    betweenStatements,
  };
}

import type { Op } from './generate/op.ts';
import type { Operation } from './generate/context.ts';
import type { FuzzDatabase } from './database/database.ts';
import type { Case, Finding, FindingKind } from './oracle/finding.ts';
import { perform, type OpRun } from './oracle/perform.ts';
import { intersects, PooledRead } from './oracle/reads.ts';
import { createView, type View } from './oracle/views.ts';
import { call, type PrismaClient } from './schema/client.ts';
import type { LoadedSchema } from './schema/load.ts';
import { modelOf } from './schema/metadata.ts';
import { resolveReferences } from './reference.ts';

/** Where cases are played again: a database of the schema that may be emptied at will. */
export interface Stage {
  readonly schema: LoadedSchema;
  readonly database: FuzzDatabase;
  readonly client: PrismaClient;
}

/**
 * Plays a case from an empty database: its history without planners, then its read, its op and its read again with them.
 *
 * @returns what is wrong, of the kind that was asked for, or undefined where nothing is
 */
export async function replay(
  stage: Stage,
  given: Case,
  kind: FindingKind = 'stale',
): Promise<Pick<Finding, 'before' | 'after' | 'deps' | 'bumps' | 'note'> | undefined> {
  const { schema, database, client } = stage;
  const view = createView(schema.schema, given.granularity, given.settings);
  await database.reset();
  const resolve = <Value>(value: Value): Value => resolveReferences(schema.info, client, value);
  for (const op of given.history) await performPlainly(stage, resolve(op));
  const { read, op } = resolve({ read: given.read, op: given.op });
  try {
    return await play(stage, view, read, op, kind);
  } catch (error) {
    if (kind !== 'crash') return undefined;
    return { before: '', after: '', deps: [], bumps: [], note: String((error as Error).stack) };
  }
}

async function play(
  stage: Stage,
  view: View,
  read: Operation | undefined,
  op: Op | undefined,
  kind: FindingKind,
): ReturnType<typeof replay> {
  const { schema, client, database } = stage;
  const views = [view];
  if (read === undefined) {
    if (op !== undefined)
      await perform(
        performerOf(stage, views, () => Promise.resolve()),
        op,
      );
    return undefined;
  }
  const pooled = new PooledRead(schema.info, views, read);
  pooled.answer = await pooled.ask(client);
  if (kind === 'shape') {
    const before = await pooled.askPlainly(client);
    const after = pooled.answer.text;
    return before === after ? undefined : { before, after, deps: [], bumps: [] };
  }
  let found: Awaited<ReturnType<typeof replay>>;
  const check = async (run: OpRun): Promise<void> => {
    const before = pooled.answer;
    pooled.answer = await pooled.ask(client);
    const deps = before.deps?.[0];
    const bumps = kind === 'stale' ? run.bumps[0] : run.fences[0];
    if (deps === undefined || bumps === undefined || before.text === pooled.answer.text) return;
    if (kind === 'unfenced' && run.runs.length === 0) return;
    if (intersects(deps, bumps)) return;
    found ??= {
      before: before.text,
      after: pooled.answer.text,
      deps: [...deps],
      bumps: [...bumps],
    };
  };
  if (op !== undefined) {
    const performer = performerOf(stage, views, check);
    await check(await perform({ ...performer, transactions: database.transactions }, op));
  }
  return found;
}

function performerOf(
  { schema, client, database }: Stage,
  views: readonly View[],
  betweenWriters: (run: OpRun) => Promise<void>,
): Parameters<typeof perform>[0] {
  return {
    schema: schema.info,
    client,
    views,
    transactions: database.transactions,
    betweenWriters,
  };
}

/** An op without planners; what the database refuses is passed over, as it was when the op was first tried. */
export async function performPlainly({ schema, client }: Stage, op: Op): Promise<void> {
  const run = (target: PrismaClient, { model, action, args }: Operation): Promise<unknown> =>
    call(target, modelOf(schema.info, model).delegate, action, args);
  const attempt = async (work: () => Promise<unknown>): Promise<unknown> => {
    try {
      return await work();
    } catch (error) {
      return error;
    }
  };
  switch (op.kind) {
    case 'write':
      await attempt(() => run(client, op.operation));
      return;
    case 'duel':
      await attempt(() => run(client, op.other));
      await attempt(() => run(client, op.operation));
      return;
    case 'transaction':
      await attempt(() =>
        client.$transaction(async (inner) => {
          for (const operation of op.operations) await run(inner, operation);
          if (op.rollback) throw new Error('Rolled back on purpose.');
        }),
      );
  }
}

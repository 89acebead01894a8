import type { Scope } from '@boost/core';
import type { FuzzDatabase } from '../database/database.ts';
import type { Operation } from '../generate/context.ts';
import type { Op } from '../generate/op.ts';
import { call, type PrismaClient } from '../schema/client.ts';
import { modelOf, type SchemaInfo } from '../schema/metadata.ts';
import { accessOf, executePlanned, type Access, type WriteRun } from './execute.ts';
import type { View } from './views.ts';

/** What an op did, as far as the law is concerned: everything that was bumped, by view. */
export interface OpRun {
  readonly runs: readonly WriteRun[];
  readonly bumps: readonly (ReadonlySet<Scope> | undefined)[];
  readonly fences: readonly ReadonlySet<Scope>[];
  readonly error?: unknown;
  /** Of a duel between statements: what the first writer bumps, who ended last. */
  readonly last?: OpRun;
}

export interface Performer {
  readonly schema: SchemaInfo;
  readonly client: PrismaClient;
  readonly views: readonly View[];
  /** Whether the database can undo. */
  readonly transactions: boolean;
  readonly beforeStatements?: FuzzDatabase['beforeStatements'];
  /** The second writer of a duel has finished, while the first is under way. */
  betweenWriters(run: OpRun): Promise<void>;
  /** The same, where the first writer has done a part of its own by then. */
  betweenStatements(): Promise<void>;
}

class Rollback extends Error {}

/** Performs an op through the planners and tells what each view bumps. */
export async function perform(performer: Performer, op: Op): Promise<OpRun> {
  switch (op.kind) {
    case 'write':
      return union(performer, [await single(performer, op.operation)]);
    case 'duel':
      return op.steps === 'statements' && performer.beforeStatements !== undefined
        ? duelWithin(performer, performer.beforeStatements, op)
        : duel(performer, op);
    case 'raw':
    case 'invalidate':
      throw new TypeError(`The planners alone do not take ${op.kind}.`);
    case 'transaction':
      return op.style === 'batch'
        ? batch(performer, op.operations)
        : interactive(performer, op.operations, op.rollback);
  }
}

function single(
  { schema, client, views }: Performer,
  operation: Operation,
  beforeStep?: (step: number) => Promise<void>,
): Promise<WriteRun> {
  return executePlanned(views, operation, accessOf(schema, client, operation.model), beforeStep);
}

type Duel = Extract<Op, { kind: 'duel' }>;

async function duel(performer: Performer, { operation, other, step }: Duel): Promise<OpRun> {
  const run = await single(performer, operation, async (current) => {
    if (current !== step) return;
    await performer.betweenWriters(union(performer, [await single(performer, other)]));
  });
  return union(performer, [run]);
}

/**
 * The other writer comes between two statements that Prisma makes of one call. Both together must have bumped what was stored
 * before, the first writer alone what was stored then.
 */
async function duelWithin(
  performer: Performer,
  beforeStatements: NonNullable<FuzzDatabase['beforeStatements']>,
  { operation, other, step }: Duel,
): Promise<OpRun> {
  let rival: Promise<WriteRun> | undefined;
  let statements = 0;
  let waiting = 0;
  beforeStatements(async () => {
    if (statements++ !== step) return;
    beforeStatements(undefined);
    waiting += 1;
    rival = single(performer, other);
    // Prisma refuses before all statements have come to their end: what such a write has done by then is not all that it does.
    if ((await rival).error === undefined) await performer.betweenStatements();
    waiting -= 1;
  });
  try {
    const run = await single(performer, operation);
    const runs = rival === undefined ? [run] : [run, await rival];
    // For the same reason the operation can be refused before a statement of it that waited here has been done.
    while (waiting > 0) await nextTurn();
    await nextTurn();
    if (run.error !== undefined) return union(performer, runs);
    return { ...union(performer, runs), last: union(performer, [run]) };
  } finally {
    beforeStatements(undefined);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function interactive(
  performer: Performer,
  operations: readonly Operation[],
  rollback: boolean,
): Promise<OpRun> {
  const { schema, client, views, transactions } = performer;
  const runs: WriteRun[] = [];
  try {
    await client.$transaction(
      async (inner) => {
        for (const operation of operations) {
          const run = await executePlanned(
            views,
            operation,
            accessOf(schema, inner, operation.model),
          );
          runs.push(run);
          if (run.error !== undefined) throw run.error as Error;
        }
        if (rollback) throw new Rollback();
      },
      { maxWait: 60_000, timeout: 60_000 },
    );
    return union(performer, runs);
  } catch (error) {
    // Nothing is dropped where the database cannot undo.
    return { ...union(performer, transactions ? [] : runs), error };
  }
}

/** Every element reaches the database once, with the others; its plan waits for the answer of its own. */
async function batch(performer: Performer, operations: readonly Operation[]): Promise<OpRun> {
  const { schema, client, views } = performer;
  const promises: Promise<unknown>[] = [];
  const answers: { resolve(value: unknown): void; reject(error: unknown): void }[] = [];
  const elements = operations.map((operation, index) => {
    const access: Access = {
      run(action, args) {
        if (promises[index] !== undefined) throw new Error('An element of a batch ran twice.');
        promises[index] = call(client, modelOf(schema, operation.model).delegate, action, args);
        return new Promise((resolve, reject) => {
          answers[index] = { resolve, reject };
        });
      },
    };
    return executePlanned(views, operation, access);
  });
  // Plans reach their one call without waiting for anything but promises that are settled.
  for (let turn = 0; promises.filter(Boolean).length < operations.length; turn++) {
    if (turn > 100) throw new Error('An element of a batch does not reach the database.');
    await nextTurn();
  }
  try {
    const results = await client.$transaction(promises);
    results.forEach((result, index) => answers[index]?.resolve(result));
    return union(performer, await Promise.all(elements));
  } catch (error) {
    for (const answer of answers) answer.reject(error);
    const runs = await Promise.all(elements);
    return { ...union(performer, performer.transactions ? [] : runs), error };
  }
}

/** Everything that the runs have bumped; unknown for a view for which one of them is unknown. */
function union({ views }: Performer, runs: readonly WriteRun[]): OpRun {
  const bumps = views.map((_, index) => {
    const sets = runs.map((run) => run.bumps[index]);
    if (sets.includes(undefined)) return undefined;
    return new Set(sets.flatMap((set) => [...(set ?? [])]));
  });
  const fences = views.map(
    (_, index) => new Set(runs.flatMap((run) => [...(run.fences[index] ?? [])])),
  );
  const failed = runs.find(({ error }) => error !== undefined);
  return { runs, bumps, fences, ...(failed === undefined ? {} : { error: failed.error }) };
}

import { planWrite, type Scope, type WriteOperation, type WriteRunner } from '@boost/core';
import type { Operation } from '../generate/context.ts';
import { call, errorCode, type PrismaClient, type Row } from '../schema/client.ts';
import { modelOf, type SchemaInfo } from '../schema/metadata.ts';
import { copyResult, plainText } from './canonical.ts';
import type { View } from './views.ts';

/** What a write did and what each view says of it. */
export interface WriteRun {
  readonly operation: Operation;
  /** In the caller's shape. */
  readonly result?: unknown;
  readonly error?: unknown;
  /** By position of the view; undefined where a view would have asked the database differently, so that it is not known. */
  readonly bumps: readonly (ReadonlySet<Scope> | undefined)[];
  readonly fences: readonly ReadonlySet<Scope>[];
}

/** Reaches the database for a plan. */
export interface Access {
  run(action: string, args: unknown): Promise<unknown>;
  /** Absent for elements of a batch transaction. */
  readonly findMany?: (model: string, args: unknown) => Promise<Row[]>;
}

/** Access through a client, or the client of an interactive transaction. */
export function accessOf(schema: SchemaInfo, client: PrismaClient, model: string): Access {
  return {
    run: (action, args) => call(client, modelOf(schema, model).delegate, action, args),
    findMany: (name, args) =>
      call(client, modelOf(schema, name).delegate, 'findMany', args) as Promise<Row[]>,
  };
}

interface Recorded {
  readonly text: string;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** The call of a view that the recording has no answer for. */
class NotRecorded extends Error {}

/**
 * Performs a write once, planned by the first view that plans precisely; the other views are told what the database answered,
 * as far as they ask the same.
 *
 * @param beforeStep - happens before each call to the database, counted from 0
 */
export async function executePlanned(
  views: readonly View[],
  operation: Operation,
  access: Access,
  beforeStep: (step: number) => Promise<void> = () => Promise.resolve(),
): Promise<WriteRun> {
  const write = operation as WriteOperation;
  const plans = views.map(({ context }) => planWrite(context, write));
  const fences = plans.map(({ fence }) => new Set(fence));
  const calls: Recorded[] = [];
  const record = async (text: string, ask: () => Promise<unknown>): Promise<unknown> => {
    await beforeStep(calls.length);
    try {
      const result = await ask();
      calls.push({ text, result: copyResult(result) });
      return result;
    } catch (error) {
      calls.push({ text, error });
      throw error;
    }
  };
  const { findMany } = access;
  const recording: WriteRunner = {
    run: (action, args) => record(callText(action, args), () => access.run(action, args)),
    isNotFound,
    ...(findMany === undefined
      ? {}
      : {
          images: {
            findMany: async (model, args) =>
              (await record(callText(model, args), () => findMany(model, args))) as Row[],
          },
        }),
  };
  const first = views.findIndex(({ granularity }) => granularity !== 'model');
  const leading = plans[Math.max(first, 0)];
  if (leading === undefined) throw new Error('No view to plan with.');
  try {
    const outcome = await leading.execute(recording);
    const bumps = await Promise.all(
      plans.map(async (plan, index) => {
        if (plan === leading) return new Set(outcome.bumps);
        if (views[index]?.granularity === 'model') return new Set(plan.fence);
        return replayed(plan.execute(replaying(calls, findMany !== undefined)));
      }),
    );
    return { operation, result: outcome.result, bumps, fences };
  } catch (error) {
    // What a failed write has changed nobody knows: everything that it may have changed is bumped.
    return { operation, error, bumps: fences, fences };
  }
}

async function replayed(
  outcome: Promise<{ bumps: readonly Scope[] }>,
): Promise<ReadonlySet<Scope> | undefined> {
  try {
    return new Set((await outcome).bumps);
  } catch (error) {
    if (error instanceof NotRecorded) return undefined;
    throw error;
  }
}

function replaying(calls: readonly Recorded[], images: boolean): WriteRunner {
  let next = 0;
  const answer = (text: string): Promise<unknown> => {
    const recorded = calls[next++];
    if (recorded?.text !== text) return Promise.reject(new NotRecorded(text));
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what was thrown when it was recorded
    if ('error' in recorded) return Promise.reject(recorded.error);
    return Promise.resolve(copyResult(recorded.result));
  };
  return {
    run: (action, args) => answer(callText(action, args)),
    isNotFound,
    ...(images
      ? {
          images: {
            findMany: async (model, args) => (await answer(callText(model, args))) as Row[],
          },
        }
      : {}),
  };
}

function callText(name: string, args: unknown): string {
  return `${name} ${plainText(args)}`;
}

function isNotFound(error: unknown): boolean {
  return errorCode(error) === 'P2025';
}

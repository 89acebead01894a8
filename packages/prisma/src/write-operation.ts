import type { Args, TransactionScope, WriteAction, WriteCall, WriteRunner } from '@boost/core';
import type { CacheClient } from './cache-client.js';
import { isOpaque, type Call } from './call.js';
import { isNotFound } from './failures.js';
import { unpack } from './operations.js';
import { relatedModels } from './shown-models.js';
import type { Transaction } from './internal/prisma-internals.js';
import type { OperationContext } from './private-context.js';

/** Sends a write to the database and invalidates what it changed. */
export async function write(client: CacheClient, call: Call<WriteAction>): Promise<unknown> {
  const { model, action, internals, context } = call;
  const { transaction } = internals;
  const { options } = client;
  if (isOpaque(call, options.innerExtensions === 'harmless') || client.refuses(call.args)) {
    // An inner extension may have changed what is written, nested writes included.
    return collected(client, transaction, context, (scope) =>
      client.engine.raw({
        text: '',
        models: relatedModels(client.schema, model),
        context: context.call,
        ...scope,
        run: () => internals.pass(call.args),
      }),
    );
  }
  const isKnown = client.schema.has(model);
  const effective = isKnown ? client.effectiveArgs(internals, model, call.args) : null;
  const args = effective ?? call.args;
  const runner = runnerOf(client, call);
  const operation: WriteCall['operation'] = { model, action, args };
  try {
    const result = await collected(client, transaction, context, (scope) =>
      client.engine.write({ operation, context: context.call, runner, ...scope }),
    );
    return unpack(result, internals.path);
  } catch (error) {
    if (error === UNEXECUTED) return undefined;
    throw error;
  }
}

/** Runs a change with what collects its invalidations, if it belongs to an interactive transaction. */
export async function collected(
  client: CacheClient,
  transaction: Transaction | undefined,
  context: OperationContext,
  run: (scope: { readonly transaction?: TransactionScope }) => Promise<unknown>,
): Promise<unknown> {
  const collector = client.collector(transaction, context);
  if (collector === undefined) return run({});
  const { scope, isEndSeen } = collector;
  try {
    return await run({ transaction: scope });
  } finally {
    // Nobody will say how the transaction ended.
    if (!isEndSeen) await scope.unknown();
  }
}

/**
 * An element of a batch transaction that was not run because an earlier one failed: Prisma resolves it with nothing, while the
 * batch rejects with the other's error.
 */
const UNEXECUTED = new Error('not executed');

function runnerOf(client: CacheClient, call: Call): WriteRunner {
  const { model, internals } = call;
  const isBatch = internals.transaction?.kind === 'batch';
  const hasInner = internals.innerExtensions !== 0;

  const ask = async (run: () => Promise<unknown>): Promise<unknown> => {
    let result: unknown;
    try {
      result = await run();
    } catch (error) {
      if (hasInner || isDoubtful(client, internals.transaction, error)) {
        client.failures.doubt(error);
      }
      throw error;
    }
    if (isBatch && result === undefined) throw UNEXECUTED;
    return result;
  };

  const runner: WriteRunner = {
    isNotFound,
    run: (action, args) =>
      ask(() =>
        action === call.action ? internals.query(args) : internals.queryOther(model, action, args),
      ),
  };
  // In a batch transaction nothing but its elements can run, and an inner extension expects the operation that it was made for.
  if (isBatch || hasInner) return runner;
  const findMany: NonNullable<WriteRunner['images']>['findMany'] = async (name, args) =>
    (await internals.queryOther(name, 'findMany', given(args))) as readonly Record<
      string,
      unknown
    >[];
  return { ...runner, images: { findMany } };
}

/**
 * Within an interactive transaction a refused statement may follow others of the same operation, which stay in the transaction
 * if the caller goes on and commits it.
 */
function isDoubtful(
  { failures }: CacheClient,
  transaction: Transaction | undefined,
  error: unknown,
): boolean {
  return transaction?.kind === 'itx' && failures.classify(error) !== 'untouched';
}

/** The arguments that say something: with `strictUndefinedChecks` Prisma refuses the others. */
function given(args: Args): Args {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}

import { planWrite, previewWrite } from '../plan/index.js';
import type { ReadOperation, WriteOperation } from '../plan/plan.js';
import type { Scope } from '../scope/scope.js';
import { affectedRows } from './affected.js';
import { EngineCore } from './core.js';
import type { CallContext, Engine, Explanation } from './engine.js';
import type { EngineOptions } from './options.js';
import { isPrepared, prepareRead } from './prepared-read.js';
import { ReadPath } from './read-path.js';
import { Transaction } from './transaction.js';
import { WritePath } from './write-path.js';

/**
 * Makes the engine of one client. Cheap enough to be made per request: what clients of an isolate share hangs on the adapter.
 *
 * @throws BoostError `BOOST_OPTION_INVALID`, `BOOST_MODEL_UNKNOWN` for a shared model that the schema does not have
 */
export function createEngine(options: EngineOptions): Engine {
  const core = new EngineCore(options);
  const reads = new ReadPath(core);
  const writes = new WritePath(core);
  return {
    read: (call) => reads.read(call),
    write: (call) => writes.write(call),
    raw: (call) => writes.raw(call),
    transaction: () => new Transaction(core),
    invalidate: (target, context, transaction) => writes.invalidate(target, context, transaction),
    session: (ticket) => core.authority.session(ticket),
    explain: (operation, context) => explain(core, operation, context),
    preview: async (operation, images) =>
      explainedWrite(core, await previewWrite(core.plan, operation, images)),
    settled: () => core.settled(),
  };
}

function explain(
  core: EngineCore,
  operation: ReadOperation | WriteOperation,
  context: CallContext,
): Explanation {
  if (!isRead(operation)) return explainedWrite(core, planWrite(core.plan, operation).fence);
  const execute = (): Promise<never> => Promise.reject(new Error('explain asks no database'));
  const read = prepareRead(core, { operation, context, strategy: {}, execute });
  if (isPrepared(read)) return { key: read.key.digest, scopes: read.scopes };
  const { reason, digest, scopes = [] } = read;
  return {
    ...(digest === undefined ? {} : { key: digest }),
    scopes,
    reason,
  };
}

function explainedWrite(core: EngineCore, scopes: readonly Scope[]): Explanation {
  return { scopes, affected: affectedRows(core.plan.schema, scopes) };
}

const READS: readonly string[] = [
  'findUnique',
  'findUniqueOrThrow',
  'findFirst',
  'findFirstOrThrow',
  'findMany',
  'count',
  'aggregate',
  'groupBy',
] satisfies readonly ReadOperation['action'][];

function isRead(operation: ReadOperation | WriteOperation): operation is ReadOperation {
  return READS.includes(operation.action);
}

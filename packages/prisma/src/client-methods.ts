import type {
  Args,
  ImageReader,
  InvalidateTarget,
  InvalidationResult,
  ReadOperation,
  WriteOperation,
} from '@boost/core';
import { BoostError } from '@boost/core';
import { accelerateMethods, type AccelerateMethods } from './accelerate.js';
import type { CacheClient } from './cache-client.js';
import { reasonsFor, type Explanation, type OperationToExplain } from './explanation.js';
import {
  inspectClient,
  originOn,
  transactionOf,
  type OperationOrigin,
  type PrismaClientLike,
} from './internal/prisma-internals.js';
import { isRead, isWrite } from './operations.js';

/** What `$invalidateCache` takes: nothing (everything of the tenant), a model, rows of a model, or tags. */
export type InvalidateInput<Model extends string = string> =
  Model | { readonly model: Model; readonly where?: Args } | { readonly tags: readonly string[] };

/** The methods that the extension adds to the client. */
export interface ClientMethods<Model extends string = string> {
  /**
   * Invalidates what was cached: everything of the tenant, of a model, of some of its rows, or what has a tag. Inside an
   * interactive transaction it takes effect with the commit.
   *
   * @throws BoostError `BOOST_MODEL_UNKNOWN`, `BOOST_STRATEGY_INVALID` for ill-formed tags
   */
  $invalidateCache(target?: InvalidateInput<Model>): Promise<InvalidationResult>;
  /** Waits for what was started in the background (stores, retried invalidations), and writes what was counted for analytics. */
  $cleanup(): Promise<void>;
  /**
   * Tells what an operation depends on or would invalidate, under which key, and why; it is not run. Of a write that would change
   * rows which exist, those rows are read.
   *
   * @throws BoostError `BOOST_MODEL_UNKNOWN`, `BOOST_OPTION_INVALID` for an unknown action
   */
  $explain(operation: OperationToExplain<Model>): Promise<Explanation>;
  /** Continues in another request: `session: { ticket }`. */
  readonly $session: ClientSession;
  /** The methods of Prisma Accelerate, for code that was written for it. */
  readonly $accelerate: AccelerateMethods;
}

export interface ClientSession {
  /** Text that stands for what this client has read and written: printable ASCII, at most 2 KB. */
  ticket(): string;
}

/** The client component of the extension. */
export function clientMethods(client: CacheClient): ClientMethods {
  return {
    async $invalidateCache(this: unknown, target) {
      const { origin, transaction } = await callerOf(this);
      const context = client.contextOf(origin);
      const collector = client.collector(transaction, context);
      const { call } = context;
      const goal = targetOf(target);
      if (collector === undefined) return client.engine.invalidate(goal, call);
      const result = await client.engine.invalidate(goal, call, collector.scope);
      if (!collector.isEndSeen) await collector.scope.unknown();
      return result;
    },
    $cleanup: () => client.cleanup(),
    async $explain(this: unknown, { model, action, args = {} }) {
      const { origin } = await callerOf(this);
      const rest = Object.fromEntries(
        Object.entries(args).filter(([name]) => name !== 'cacheStrategy'),
      );
      if (!isRead(action) && !isWrite(action)) {
        throw new BoostError(
          'BOOST_OPTION_INVALID',
          `$explain was given the action ${JSON.stringify(action)}: give one of Prisma's model operations, such as "findMany"`,
        );
      }
      const effective =
        origin === undefined ? rest : (client.effectiveArgs(origin, model, rest) ?? rest);
      const operation = { model, action, args: effective } as ReadOperation | WriteOperation;
      const { call } = client.contextOf(origin);
      const { scopes, ...explained } =
        isRead(action) || origin === undefined
          ? client.engine.explain(operation, call)
          : await client.engine.preview(operation as WriteOperation, imagesOf(this));
      return { kind: isRead(action) ? 'read' : 'write', ...explained, scopes: reasonsFor(scopes) };
    },
    $session: { ticket: () => client.ticket() },
    $accelerate: accelerateMethods(client),
  };
}

interface Caller {
  readonly origin: OperationOrigin | undefined;
  readonly transaction: Awaited<ReturnType<typeof transactionOf>>;
}

/** The client that a method was called on: one of a transaction, one that was extended further, or none (a method torn off). */
async function callerOf(self: unknown): Promise<Caller> {
  if (typeof self !== 'object' || self === null)
    return { origin: undefined, transaction: undefined };
  const client: PrismaClientLike = inspectClient(self);
  return { origin: originOn(client), transaction: await transactionOf(client) };
}

/** Reads rows as the client sees them now, in its transaction if it is bound to one. */
function imagesOf(self: unknown): ImageReader {
  const delegates = self as Readonly<Record<string, Delegate>>;
  return {
    async findMany(model, args) {
      const delegate = delegates[model.charAt(0).toLowerCase() + model.slice(1)];
      return (await delegate?.findMany({ ...args, cacheStrategy: false })) ?? [];
    },
  };
}

interface Delegate {
  findMany(args: Args): Promise<readonly Record<string, unknown>[]>;
}

function targetOf(target: InvalidateInput | undefined): InvalidateTarget {
  if (target === undefined) return { kind: 'all' };
  if (typeof target === 'string') return { kind: 'model', model: target };
  if ('tags' in target) return { kind: 'tags', tags: target.tags };
  const { model, where } = target;
  return where === undefined ? { kind: 'model', model } : { kind: 'where', model, where };
}

import type { RawCall, Scope, WriteOperation } from '@boost/core';
import type { CacheClient } from './cache-client.js';
import type { InternalParams } from './internal/prisma-internals.js';
import { isWrite } from './operations.js';
import { operationContext, type OperationContext } from './private-context.js';
import { textOf } from './raw-operation.js';
import { collected } from './write-operation.js';

/**
 * Lets a write of a client without the extension go on, and invalidates what it may change: nothing of it can be looked at but its
 * arguments.
 */
export async function writeAround(
  client: CacheClient,
  params: InternalParams,
  run: () => Promise<unknown>,
): Promise<unknown> {
  const context = contextOf(client);
  const change: Pick<RawCall, 'text' | 'models'> =
    params.model === undefined ? { text: textOf(params.args) } : modelsChanged(client, params);
  return collected(client, params.transaction, context, (scope) =>
    client.engine.raw({ ...change, context: context.call, ...scope, run }),
  );
}

/** The writer need not know of tenants: without one it reaches the readers of all. */
function contextOf(client: CacheClient): OperationContext {
  const captured = client.captureContext();
  if (captured.kind !== 'failed') return operationContext(captured, client.session);
  return operationContext({ kind: 'given', context: { tenantId: null } }, client.session);
}

/** Without models and text a raw statement may change everything. */
const EVERYTHING = { text: '' };

function modelsChanged(
  client: CacheClient,
  { model = '', action = '', args }: InternalParams,
): Pick<RawCall, 'text' | 'models'> {
  if (!isWrite(action) || !client.schema.has(model)) return EVERYTHING;
  const operation = { model, action, args: args ?? {} } as WriteOperation;
  const { call } = operationContext({ kind: 'none' }, client.session);
  let models: Set<string | undefined>;
  try {
    models = new Set(client.engine.explain(operation, call).scopes.map(modelOf));
  } catch {
    // Not understood: if the arguments are wrong, Prisma says so and nothing changes.
    return EVERYTHING;
  }
  return models.has(undefined) ? EVERYTHING : { text: '', models: [...models] as string[] };
}

/** What the scope is about; undefined for everything. */
function modelOf(scope: Scope): string | undefined {
  return /^\w+/.exec(scope)?.[0];
}

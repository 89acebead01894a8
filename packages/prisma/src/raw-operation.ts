import { isPlainObject } from '@boost/core';
import type { CacheClient } from './cache-client.js';
import type { CallInternals } from './internal/prisma-internals.js';
import type { OperationContext } from './private-context.js';
import { collected } from './write-operation.js';

/** A raw statement, or an operation that this version does not know. */
export interface RawOperation {
  readonly args: unknown;
  readonly internals: CallInternals;
  readonly context: OperationContext;
}

/** Sends a raw statement to the database and invalidates the models that its text names. */
export async function raw(client: CacheClient, call: RawOperation): Promise<unknown> {
  const { args, internals, context } = call;
  const text = textOf(args);
  const models = client.given.rawModels?.(text);
  return collected(client, internals.transaction, context, (scope) =>
    client.engine.raw({
      text,
      ...(models === undefined ? {} : { models }),
      context: context.call,
      ...scope,
      run: () => internals.pass(args),
    }),
  );
}

/** The statement as Prisma hands it to extensions: `Sql`, text and values, `TypedSql`, or a MongoDB command. */
export function textOf(args: unknown): string {
  if (Array.isArray(args)) return typeof args[0] === 'string' ? args[0] : '';
  if (typeof args !== 'object' || args === null) return '';
  const { strings, sql } = args as { readonly strings?: unknown; readonly sql?: unknown };
  if (Array.isArray(strings)) return strings.join('?');
  if (typeof sql === 'string') return sql;
  return isPlainObject(args) ? commandText(args) : '';
}

/** The command with every name that occurs in it. */
function commandText(command: object): string {
  return JSON.stringify(command, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

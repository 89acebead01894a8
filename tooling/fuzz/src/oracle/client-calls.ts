import type { ClientRead } from '../generate/client-read.ts';
import type { Operation } from '../generate/context.ts';
import type { Op } from '../generate/op.ts';
import { call, type PrismaClient } from '../schema/client.ts';
import { modelOf, type SchemaInfo } from '../schema/metadata.ts';
import type { CachedClient } from './cached-client.ts';

type Chainable = Promise<unknown> & Readonly<Record<string, (args: unknown) => Promise<unknown>>>;

/** Asks as an application does. @param extra - arguments that only the cache knows */
export function ask(
  schema: SchemaInfo,
  client: PrismaClient,
  { operation, fluent }: ClientRead,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  const { delegate } = modelOf(schema, operation.model);
  const promise = call(client, delegate, operation.action, { ...operation.args, ...extra });
  if (fluent === undefined) return promise;
  const chain = (promise as Chainable)[fluent.relation];
  if (chain === undefined) throw new TypeError(`No fluent call ${fluent.relation}.`);
  return chain(fluent.args);
}

/** Does what an op says through a client; what the database refuses is passed over. */
export async function performOn(
  schema: SchemaInfo,
  client: CachedClient,
  op: Op,
  inside?: (transaction: PrismaClient) => Promise<void>,
): Promise<unknown> {
  const run = (target: PrismaClient, { model, action, args }: Operation): Promise<unknown> =>
    call(target, modelOf(schema, model).delegate, action, args);
  try {
    switch (op.kind) {
      case 'write':
        return await run(client, op.operation);
      case 'duel':
        return await Promise.allSettled([run(client, op.operation), run(client, op.other)]);
      case 'raw':
        return await (op.returning
          ? client.$queryRawUnsafe(op.sql)
          : client.$executeRawUnsafe(op.sql));
      case 'invalidate':
        return await client.$invalidateCache(op.target);
      case 'transaction':
        if (op.style === 'batch') {
          return await client.$transaction(
            op.operations.map((operation) => run(client, operation)),
          );
        }
        return await client.$transaction(
          async (transaction) => {
            for (const operation of op.operations) await run(transaction, operation);
            await inside?.(transaction);
            if (op.rollback) throw new Error('Rolled back on purpose.');
          },
          { maxWait: 60_000, timeout: 60_000 },
        );
    }
  } catch (error) {
    return error;
  }
}

import type { Operation } from './generate/context.ts';
import type { Op } from './generate/op.ts';
import { call, type PrismaClient } from './schema/client.ts';
import { modelOf, type SchemaInfo } from './schema/metadata.ts';

export interface PlainOutcome {
  /** Of a single write. */
  readonly result?: unknown;
  readonly error?: unknown;
}

/** An op without planners. Nothing is thrown: what the database refuses is part of what there is to see. */
export async function performPlainly(
  schema: SchemaInfo,
  client: PrismaClient,
  op: Op,
): Promise<PlainOutcome> {
  const run = (target: PrismaClient, { model, action, args }: Operation): Promise<unknown> =>
    call(target, modelOf(schema, model).delegate, action, args);
  try {
    switch (op.kind) {
      case 'write':
        return { result: await run(client, op.operation) };
      case 'duel':
        await performPlainly(schema, client, { kind: 'write', operation: op.other });
        return { result: await run(client, op.operation) };
      case 'raw':
        await (op.returning ? client.$queryRawUnsafe(op.sql) : client.$executeRawUnsafe(op.sql));
        return {};
      case 'invalidate':
        return {};
      case 'transaction':
        await (op.style === 'batch'
          ? client.$transaction(op.operations.map((operation) => run(client, operation)))
          : client.$transaction(async (inner) => {
              for (const operation of op.operations) await run(inner, operation);
              if (op.rollback) throw new Error('Rolled back on purpose.');
            }));
        return {};
    }
  } catch (error) {
    return { error };
  }
}

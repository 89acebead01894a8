import type { ReadAction, WriteAction } from '@boost/core';

const READS: ReadonlySet<string> = new Set<ReadAction>([
  'findUnique',
  'findUniqueOrThrow',
  'findFirst',
  'findFirstOrThrow',
  'findMany',
  'count',
  'aggregate',
  'groupBy',
]);

const WRITES: ReadonlySet<string> = new Set<WriteAction>([
  'create',
  'createMany',
  'createManyAndReturn',
  'update',
  'updateMany',
  'updateManyAndReturn',
  'upsert',
  'delete',
  'deleteMany',
]);

export function isRead(action: string): action is ReadAction {
  return READS.has(action);
}

export function isWrite(action: string): action is WriteAction {
  return WRITES.has(action);
}

/** The part of a result that a fluent call asked for, as Prisma unpacks it. */
export function unpack(result: unknown, path: readonly string[]): unknown {
  let part = result;
  for (const name of path) {
    if (part === null || part === undefined) return part;
    part = (part as Readonly<Record<string, unknown>>)[name];
  }
  return part;
}

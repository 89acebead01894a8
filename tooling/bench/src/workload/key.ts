import type { ReadOperation } from '@boost/core';

/** A name for a read. The pages write their arguments in one order, so that the text is the same for the same read. */
export function keyOf({ model, action, args }: ReadOperation): string {
  return `${model}.${action} ${JSON.stringify(args)}`;
}

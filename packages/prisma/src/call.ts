import type { Args } from '@boost/core';
import type { CallInternals } from './internal/prisma-internals.js';
import type { OperationContext } from './private-context.js';

/** One operation on one model, on its way through the extension. */
export interface Call<Action extends string = string> {
  readonly model: string;
  readonly action: Action;
  readonly args: Args;
  readonly internals: CallInternals;
  readonly context: OperationContext;
}

/** Whether query extensions run inside of ours so that arguments and results cannot be relied on. */
export function isOpaque({ internals }: Call, areHarmless: boolean): boolean {
  const { innerExtensions, path } = internals;
  if (innerExtensions === undefined) return true;
  // What a fluent call returns is shown to inner extensions; the planner needs what lies around it.
  return innerExtensions > 0 && (!areHarmless || path.length > 0);
}

import type { Args, Consistency, Schema } from '@boost/core';
import type { CacheExtensionOptions, ModelOptions } from './options.js';
import { shownModels } from './shown-models.js';

/** The strictest first. */
const LEVELS: readonly Consistency[] = ['strong', 'session', 'eventual'];

export function isConsistency(value: unknown): value is Consistency {
  return (LEVELS as readonly unknown[]).includes(value);
}

/** Whether the options have `strong` anywhere: a single query cannot bring it in, since writers must know beforehand. */
export function usesStrong({ consistency, models = {} }: CacheExtensionOptions): boolean {
  return consistency === 'strong' || Object.values(models).some(isStrong);
}

function isStrong({ consistency }: ModelOptions): boolean {
  return consistency === 'strong';
}

/** What the options say of a read: the strictest of the models that it shows; undefined where they say nothing. */
export function consistencyOf(
  options: CacheExtensionOptions,
  schema: Schema,
  model: string,
  args: Args,
): Consistency | undefined {
  const { consistency, models = {} } = options;
  const isByModel = Object.values(models).some((own) => own.consistency !== undefined);
  if (!isByModel) return consistency;
  const shown = [...shownModels(schema, model, args)];
  const wanted = new Set(shown.map((name) => models[name]?.consistency ?? consistency));
  const strictest = LEVELS.find((level) => wanted.has(level));
  // A model of which nothing is said has the tier's, which that of another does not weaken.
  return strictest === 'eventual' && wanted.has(undefined) ? undefined : strictest;
}

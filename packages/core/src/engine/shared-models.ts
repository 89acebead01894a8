import type { IsShared } from '../epoch/space.js';
import type { Schema } from '../schema/schema.js';

/**
 * Which models, join tables included, hold rows that every tenant sees: those the application named, and the join table of two
 * such models.
 */
export function sharedModels(schema: Schema, names: readonly string[]): IsShared {
  const shared = new Set(names);
  for (const name of names) {
    for (const { join, target } of schema.model(name).relations) {
      if (join !== undefined && names.includes(target)) shared.add(join.model);
    }
  }
  return (model) => shared.has(model);
}

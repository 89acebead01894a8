import { EVERYTHING } from '../scope/scope.js';
import type { SpacedScope } from './space.js';

/**
 * Of a reader's scopes, those that no folding can remove from a dependency set: `*` and the models' `!`. An entry whose stamp
 * lacks one of them was filled by a deployment that saw the query otherwise (another list of shared models, say), and what it
 * would miss must not be guessed.
 */
export function requiredScopes(scopes: readonly SpacedScope[]): readonly SpacedScope[] {
  return scopes.filter(({ scope }) => scope === EVERYTHING || /^\w+!$/.test(scope));
}

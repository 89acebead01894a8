import { EVERYTHING, type Scope } from '../scope/scope.js';

/**
 * Whether no folding can remove the scope from a dependency set: `*` and the models' `!`. An entry whose stamp lacks one that
 * the reader knows of was filled by a deployment that saw the query otherwise (another list of shared models, say), and what
 * it would miss must not be guessed.
 */
export function isRequired(scope: Scope): boolean {
  return scope === EVERYTHING || /^\w+!$/.test(scope);
}

import { impreciseScope, type Scope } from './scope.js';

/** The imprecise change of the model that a scope is about; `*` and labels stand for themselves. */
export function coarseScope(scope: Scope): Scope {
  const end = scope.search(/[!*#:{]/);
  const isLabel = scope.startsWith('tag:') && !scope.includes('#');
  return end <= 0 || isLabel ? scope : impreciseScope(scope.slice(0, end));
}

/** The scopes with all that is finer than a model folded into the model's imprecise change, without duplicates. */
export function coarseScopes(scopes: readonly Scope[]): readonly Scope[] {
  return [...new Set(scopes.map(coarseScope))];
}

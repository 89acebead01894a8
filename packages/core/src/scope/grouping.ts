import { canonicalText } from '../key/canonical.js';
import type { FieldTracking } from './model-scopes.js';
import type { Granularity } from './scope.js';

/**
 * The text of what decides which scope stands for a field: part of every key. An entry that was stored under other scopes would
 * not see the bumps of this deployment.
 */
export function groupingText(
  granularity: Granularity,
  tracking: Readonly<Record<string, FieldTracking>> = {},
): string {
  if (granularity !== 'row') return granularity;
  const groups = Object.entries(tracking).flatMap(([model, { neverInvalidateOn = [] }]) =>
    neverInvalidateOn.length === 0 ? [] : [[model, ...[...neverInvalidateOn].sort()]],
  );
  return groups.length === 0 ? granularity : granularity + canonicalText(groups.sort());
}

import type { Provider, ReferentialAction } from '@boost/core';

const ACTIONS: readonly string[] = ['Cascade', 'Restrict', 'NoAction', 'SetNull', 'SetDefault'];

/**
 * What Prisma does to the rows that hold a key when nothing is declared. Source: referential actions in Prisma's schema
 * reference.
 */
export function onDeleteOf(
  declared: string | undefined,
  optional: boolean,
  provider: Provider,
): ReferentialAction {
  if (declared !== undefined && ACTIONS.includes(declared)) return declared as ReferentialAction;
  if (optional) return 'SetNull';
  return provider === 'sqlserver' ? 'NoAction' : 'Restrict';
}

export function onUpdateOf(declared: string | undefined): ReferentialAction {
  return declared !== undefined && ACTIONS.includes(declared)
    ? (declared as ReferentialAction)
    : 'Cascade';
}

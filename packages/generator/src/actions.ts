import type { Provider, ReferentialAction } from '@boost/core';

const ACTIONS: readonly string[] = ['Cascade', 'Restrict', 'NoAction', 'SetNull', 'SetDefault'];

/** What decides the default of a referential action. */
export interface ActionContext {
  readonly provider: Provider;
  readonly relationMode: 'foreignKeys' | 'prisma';
  /** The relation's field and every field of its key may be null: one required field of a key makes the relation required. */
  readonly optional: boolean;
}

/**
 * What happens to the rows that hold a key when the row they refer to is deleted; Prisma's default where nothing is declared.
 * SQL Server has no `Restrict` of its own, but Prisma emulates it. Source: `default_on_delete_action` and `referential_arity` of
 * prisma-engines (`psl`).
 */
export function onDeleteOf(
  declared: string | undefined,
  context: ActionContext,
): ReferentialAction {
  if (isAction(declared)) return declared;
  if (context.optional) return 'SetNull';
  const { provider, relationMode } = context;
  return provider === 'sqlserver' && relationMode === 'foreignKeys' ? 'NoAction' : 'Restrict';
}

/** The same for a change of the key that is referred to: `Cascade` in every relation mode (`Relation::on_update` of prisma-engines). */
export function onUpdateOf(declared: string | undefined): ReferentialAction {
  return isAction(declared) ? declared : 'Cascade';
}

function isAction(declared: string | undefined): declared is ReferentialAction {
  return declared !== undefined && ACTIONS.includes(declared);
}

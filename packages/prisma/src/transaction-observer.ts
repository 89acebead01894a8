import type { TransactionScope } from '@boost/core';

export interface ScopeOfTransaction {
  readonly scope: TransactionScope;
  /** False where the transaction began before the observer did: whoever collects has to decide for itself. */
  readonly isEndSeen: boolean;
}

interface OpenTransaction {
  /** 1 for the outermost; nested ones are savepoints under the same id. */
  depth: number;
  /** By whoever collects: one for each engine that saw a write in the transaction. */
  readonly scopes: Map<object, TransactionScope>;
}

/**
 * Sees the interactive transactions of one original client begin and end, and decides what was collected in them.
 *
 * - The outermost commit applies it, before `$transaction` returns to the caller.
 * - A commit that fails is an unknown outcome.
 * - An inner rollback drops nothing; the outermost drops all.
 */
export class TransactionObserver {
  readonly #open = new Map<string, OpenTransaction>();

  /** What collects the invalidations of a transaction for `owner`. */
  scope(id: string, owner: object, create: () => TransactionScope): ScopeOfTransaction {
    const open = this.#open.get(id);
    if (open === undefined) return { scope: create(), isEndSeen: false };
    let scope = open.scopes.get(owner);
    if (scope === undefined) {
      scope = create();
      open.scopes.set(owner, scope);
    }
    return { scope, isEndSeen: true };
  }

  started(id: string): void {
    const open = this.#open.get(id);
    if (open === undefined) this.#open.set(id, { depth: 1, scopes: new Map() });
    else open.depth += 1;
  }

  async commit(id: string, run: () => Promise<unknown>): Promise<unknown> {
    const open = this.#leave(id);
    let result: unknown;
    try {
      result = await run();
    } catch (error) {
      await decide(open, (scope) => scope.unknown());
      throw error;
    }
    await decide(open, (scope) => scope.committed());
    return result;
  }

  async rollback(id: string, run: () => Promise<unknown>): Promise<unknown> {
    const open = this.#leave(id);
    let result: unknown;
    try {
      result = await run();
    } catch (error) {
      await decide(open, (scope) => scope.unknown());
      throw error;
    }
    await decide(open, (scope) => scope.rolledBack());
    return result;
  }

  /** The transaction, when this was its outermost level. */
  #leave(id: string): OpenTransaction | undefined {
    const open = this.#open.get(id);
    if (open === undefined) return undefined;
    open.depth -= 1;
    if (open.depth > 0) return undefined;
    this.#open.delete(id);
    return open;
  }
}

async function decide(
  open: OpenTransaction | undefined,
  outcome: (scope: TransactionScope) => Promise<void>,
): Promise<void> {
  if (open === undefined) return;
  await Promise.all([...open.scopes.values()].map(outcome));
}

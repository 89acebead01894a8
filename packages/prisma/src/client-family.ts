import type { CacheClient } from './cache-client.js';
import type { D1Reads } from './d1-session.js';
import type {
  ExtensionState,
  FamilyListener,
  InternalParams,
} from './internal/prisma-internals.js';
import { isRead } from './operations.js';
import { writeAround } from './write-around.js';
import { TransactionObserver } from './transaction-observer.js';

/**
 * All clients that come of one `new PrismaClient()`: the plain one and whatever was extended from it.
 *
 * It sees the end of every transaction, and the writes that reach the database past a cache: through the plain client, or through
 * one that was extended without it.
 */
export class ClientFamily implements FamilyListener {
  readonly #transactions = new TransactionObserver();
  /** By store: of several clients of one store, the last. */
  readonly #caches = new Map<object, CacheClient>();
  /** Sessions of D1 that caches were given. */
  readonly #sessions = new Set<D1Reads>();
  #size = 0;

  get transactions(): TransactionObserver {
    return this.#transactions;
  }

  add(cache: CacheClient): void {
    this.#caches.set(cache.store, cache);
    this.#size += 1;
    if (cache.d1 !== undefined) this.#sessions.add(cache.d1);
    if (this.#size > 1) for (const d1 of this.#sessions) d1.share();
  }

  operation(
    params: InternalParams,
    states: readonly ExtensionState[],
    run: () => Promise<unknown>,
  ): Promise<unknown> {
    let next = run;
    for (const d1 of this.#sessions) {
      if (states.some((state) => (state as Partial<CacheClient>).d1 === d1)) continue;
      const inner = next;
      next = () => d1.fresh(inner);
    }
    if (params.model !== undefined && isRead(params.action ?? '')) return next();
    for (const [store, cache] of this.#caches) {
      if (states.some((state) => state.store === store)) continue;
      const inner = next;
      next = () => writeAround(cache, params, inner);
    }
    return next();
  }

  started(id: string): void {
    this.#transactions.started(id);
  }

  commit(id: string, run: () => Promise<unknown>): Promise<unknown> {
    return this.#transactions.commit(id, run);
  }

  rollback(id: string, run: () => Promise<unknown>): Promise<unknown> {
    return this.#transactions.rollback(id, run);
  }
}

import type { Checker } from '../checkers.ts';
import type { Database, Tenant } from '../database.ts';
import { History } from '../history.ts';
import type { Read } from '../operations.ts';
import { textOf } from '../text.ts';

/** What every query would have been answered after each commit, to each tenant. */
export class Answers {
  readonly history: History = new History();
  readonly #database: Database;
  readonly #reads: ReadonlyMap<string, Read>;
  readonly #tenants: readonly Tenant[];

  constructor(database: Database, reads: ReadonlyMap<string, Read>, tenants: readonly Tenant[]) {
    this.#database = database;
    this.#reads = reads;
    this.#tenants = tenants;
  }

  /** @param owners - whose rows have changed; undefined among them for rows that everybody sees */
  commit(nowMs: number, owners: ReadonlySet<string | undefined>): void {
    const answers = new Map<string, string>();
    for (const tenant of this.#tenants) {
      const isUntouched = typeof tenant === 'string' && !owners.has(tenant);
      if (isUntouched && !owners.has(undefined)) continue;
      for (const [query, { model, action, args }] of this.#reads) {
        const text = textOf(this.#database.read(model, action, args, tenant));
        answers.set(nameOf(tenant, query), text);
      }
    }
    this.history.commit(nowMs, answers);
  }

  /** The oldest state after `since` in which this was the answer; undefined when there is none. */
  find(tenant: Tenant, query: string, text: string, since: number): number | undefined {
    return this.history.find(nameOf(tenant, query), text, since);
  }

  /**
   * The newest change of an answer among the writes of an isolate, as far as nobody else's change before it is still to be told.
   *
   * @param told - the commit up to which everybody has been told
   */
  ownChange(
    tenant: Tenant,
    query: string,
    own: ReadonlySet<number> | undefined,
    told: number,
  ): number {
    let newest = 0;
    if (own === undefined) return newest;
    for (const change of this.history.changes(nameOf(tenant, query))) {
      if (own.has(change)) newest = change;
      else if (change > told) break;
    }
    return newest;
  }

  /** What is wrong with an answer that was never true. */
  wrong(tenant: Tenant, query: string, text: string): Checker {
    const others = this.#tenants.filter((other) => other !== tenant);
    const isOfOther = others.some((other) => this.find(other, query, text, 0) !== undefined);
    return isOfOther ? 'tenants' : 'never-true';
  }
}

function nameOf(tenant: Tenant, query: string): string {
  return `${tenant ?? ''} ${query}`;
}

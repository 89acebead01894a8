import { BoostError } from '../error.js';
import type { BumpReport } from '../epoch/authority.js';
import { coarseScopes } from '../scope/coarse-scope.js';
import type { Scope } from '../scope/scope.js';
import { Announcement } from './announcement.js';
import type { EngineCore } from './core.js';
import type { CallContext, TransactionScope } from './engine.js';
import { tellInvalidation } from './invalidation.js';

/** What the writes to one model change. */
interface Change {
  readonly scopes: Set<Scope>;
  /** Why that is coarser than what changed, where it is. */
  reason: string | undefined;
}

/** By the model that was written. */
type Changes = Map<string, Change>;

/** A write of the transaction that the database has not answered yet. */
export interface PendingWrite {
  readonly model: string;
  readonly fence: readonly Scope[];
  readonly context: CallContext;
}

/** What one tenant's writes in the transaction amount to. */
interface Part {
  readonly context: CallContext;
  readonly announcement: Promise<Announcement>;
  readonly changes: Changes;
}

type State = 'open' | 'committed' | 'rolledBack' | 'unknown';

/**
 * Collects what an interactive transaction changes and bumps it once, when the outermost commit is done. Where the database has
 * no transactions nothing is ever collected: each statement bumps by itself.
 */
export class Transaction implements TransactionScope {
  readonly #core: EngineCore;
  readonly #parts = new Map<string | null | undefined, Part>();
  readonly #pending = new Set<PendingWrite>();
  #state: State = 'open';

  constructor(core: EngineCore) {
    this.#core = core;
  }

  /**
   * Announces a write of the transaction, before the database is touched.
   *
   * @throws BoostError `BOOST_WRITE_UNFENCED`
   */
  async enter(write: PendingWrite): Promise<void> {
    this.#pending.add(write);
    const { tenant } = write.context;
    const known = this.#parts.get(tenant);
    try {
      if (known !== undefined) return await (await known.announcement).extend(write.fence);
      const announcement = Announcement.begin(this.#core, write.context, write.fence);
      this.#parts.set(tenant, { context: write.context, announcement, changes: new Map() });
      await announcement;
    } catch (error) {
      this.#pending.delete(write);
      if (known === undefined) this.#parts.delete(tenant);
      throw error;
    }
  }

  /**
   * The database has answered a write: its changes hold when the transaction commits.
   *
   * @param scopes - the write's fence when it failed: parts of it may have been done, and the transaction may go on
   * @param reason - why the scopes are coarser than what changed, where they are
   */
  async leave(write: PendingWrite, scopes: readonly Scope[], reason?: string): Promise<void> {
    this.#pending.delete(write);
    if (this.#state === 'open') return this.#collect(write, scopes, reason);
    if (this.#state === 'rolledBack') return;
    // It was not awaited before the transaction ended.
    const { model, context } = write;
    const report = await Announcement.late(this.#core, context).commit(scopes);
    tellInvalidation(this.#core, { model, context, report, reason });
  }

  committed(): Promise<void> {
    return this.#end('committed', (announcement, scopes) => announcement.commit(scopes));
  }

  unknown(): Promise<void> {
    return this.#end('unknown', (announcement, scopes) => announcement.unknown(scopes));
  }

  async rolledBack(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'rolledBack';
    for (const { announcement } of this.#parts.values()) await (await announcement).abort();
  }

  #collect({ model, context }: PendingWrite, scopes: readonly Scope[], reason?: string): void {
    const changes = this.#parts.get(context.tenant)?.changes;
    if (changes === undefined) throw new Error('a write left a transaction that it never entered');
    const known: Change = changes.get(model) ?? { scopes: new Set(), reason };
    for (const scope of scopes) known.scopes.add(scope);
    known.reason ??= reason;
    changes.set(model, known);
  }

  async #end(
    state: 'committed' | 'unknown',
    apply: (announcement: Announcement, scopes: readonly Scope[]) => Promise<BumpReport>,
  ): Promise<void> {
    if (this.#state !== 'open') return;
    // What is still under way may be part of what was committed.
    for (const write of this.#pending) this.#collect(write, write.fence);
    this.#state = state;
    for (const { announcement, changes, context } of this.#parts.values()) {
      const all = new Set([...changes.values()].flatMap(({ scopes }) => [...scopes]));
      const report = await apply(await announcement, [...all]);
      // One commit for all models: what it cost is told once.
      [...changes].forEach(([model, { scopes: some, reason }], index) => {
        const scopes = report.reason === undefined ? [...some] : coarseScopes([...some]);
        const puts = index === 0 ? report.puts : 0;
        tellInvalidation(this.#core, {
          model,
          context,
          report: { ...report, scopes, puts },
          reason,
        });
      });
    }
  }
}

/** @throws BoostError `BOOST_OPTION_INVALID` for a scope that no engine made */
export function asTransaction(scope: TransactionScope): Transaction {
  if (scope instanceof Transaction) return scope;
  throw new BoostError(
    'BOOST_OPTION_INVALID',
    'The transaction scope was not made by transaction() of an engine',
    { details: { option: 'transaction' } },
  );
}

import {
  isolateState,
  optionError,
  type Clock,
  type EngineEvent,
  type StateKind,
} from '@boost/core';
import { costOf } from './store-row.js';

export interface BudgetOptions {
  /** US dollars that the store may bill in a calendar month (UTC). */
  readonly maxMonthlyUsd: number;
  /**
   * What has been spent this month by all isolates, in US dollars: asked in the background, now and then. Without it each isolate
   * knows of its own spending alone.
   */
  readonly spentUsd?: () => Promise<number>;
}

/**
 * - `open`: nothing is limited
 * - `epochs-only`: from 90 % on; invalid entries are not deleted, which costs lists and deletes
 * - `off`: from 100 % on; nothing is read from the cache or filled into it. Writes go on invalidating
 */
export type BudgetLevel = 'open' | 'epochs-only' | 'off';

export interface BudgetSurroundings {
  /** What the isolate's state hangs on: the store. */
  readonly identity: object;
  readonly clock: Clock;
  waitUntil(promise: Promise<unknown>): void;
  /** Takes what the product page shows: a warning, or an error. */
  log(severity: 'warn' | 'error', text: string): void;
  onError(error: unknown): void;
}

/** Share of the budget from which on nothing is deleted any more. */
const EPOCHS_ONLY_AT = 0.9;
/** How often the spending of all isolates is asked for. */
const ASK_EVERY_MS = 10 * 60_000;

interface Spending {
  /** The month that it is of, in milliseconds since 1970. */
  beginsMs: number;
  endsMs: number;
  usd: number;
  /** Of it, what this isolate has counted itself. */
  ownUsd: number;
  askedAtMs: number;
  told: BudgetLevel;
}

const SPENDING: StateKind<Spending> = {
  make: () => ({ beginsMs: 0, endsMs: 0, usd: 0, ownUsd: 0, askedAtMs: -Infinity, told: 'open' }),
};

/** What the store has billed this month, held against a budget. All clients of an isolate count together. */
export class MonthlyBudget {
  readonly #options: BudgetOptions;
  readonly #around: BudgetSurroundings;
  readonly #spending: Spending;

  constructor(options: BudgetOptions, around: BudgetSurroundings) {
    this.#options = options;
    this.#around = around;
    this.#spending = isolateState(around.identity, SPENDING);
  }

  /** Counts what an event says was billed. */
  record(event: EngineEvent): void {
    if (event.type !== 'store' || event.billed === 0) return;
    const spending = this.#now();
    const usd = costOf(event);
    spending.usd += usd;
    spending.ownUsd += usd;
    this.#tell(spending);
  }

  get level(): BudgetLevel {
    return this.#levelOf(this.#now());
  }

  get spentUsd(): number {
    return this.#now().usd;
  }

  #levelOf({ usd }: Spending): BudgetLevel {
    const { maxMonthlyUsd } = this.#options;
    if (usd >= maxMonthlyUsd) return 'off';
    return usd >= maxMonthlyUsd * EPOCHS_ONLY_AT ? 'epochs-only' : 'open';
  }

  /** The spending of this month: with a new month it begins anew. */
  #now(): Spending {
    const spending = this.#spending;
    const nowMs = this.#around.clock.now();
    if (nowMs >= spending.endsMs || nowMs < spending.beginsMs) {
      const date = new Date(nowMs);
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
      spending.beginsMs = Date.UTC(year, month);
      spending.endsMs = Date.UTC(year, month + 1);
      spending.usd = 0;
      spending.ownUsd = 0;
      spending.askedAtMs = -Infinity;
      spending.told = 'open';
    }
    if (this.#options.spentUsd !== undefined && nowMs - spending.askedAtMs >= ASK_EVERY_MS) {
      spending.askedAtMs = nowMs;
      this.#around.waitUntil(this.#ask(this.#options.spentUsd, spending));
    }
    return spending;
  }

  /** Never rejects. What is spent never falls within a month: analytics lag, and lose rows. */
  async #ask(spentUsd: () => Promise<number>, spending: Spending): Promise<void> {
    const { beginsMs, ownUsd } = spending;
    try {
      const all = await spentUsd();
      if (!Number.isFinite(all)) throw optionError('budget.spentUsd', all, 'return US dollars');
      if (spending.beginsMs !== beginsMs) return;
      spending.usd = Math.max(spending.usd, all + spending.ownUsd - ownUsd);
      this.#tell(spending);
    } catch (error) {
      this.#around.onError(error);
    }
  }

  /** Once per isolate, month and level. */
  #tell(spending: Spending): void {
    const level = this.#levelOf(spending);
    if (level === 'open' || level === spending.told || spending.told === 'off') return;
    spending.told = level;
    const [spent, limit] = [dollars(spending.usd), dollars(this.#options.maxMonthlyUsd)];
    if (level === 'off') {
      const text = `ERROR: Monthly budget EXCEEDED: ${spent} of ${limit} - DISABLING cache`;
      return this.#around.log('error', text);
    }
    const text = `WARN: Degrading to epoch-only: spent ${spent} of ${limit} monthly limit`;
    this.#around.log('warn', text);
  }
}

function dollars(usd: number): string {
  return `$${usd.toFixed(2)}`;
}

/** @throws BoostError `BOOST_OPTION_INVALID` */
export function checkBudgetOptions(options: BudgetOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw optionError('budget', options, 'give { maxMonthlyUsd: 5 }');
  }
  for (const [name, value] of Object.entries(options)) {
    if (['maxMonthlyUsd', 'spentUsd'].includes(name)) continue;
    throw optionError(`budget.${name}`, value, 'there is no such option');
  }
  const { maxMonthlyUsd, spentUsd } = options;
  if (!(typeof maxMonthlyUsd === 'number' && Number.isFinite(maxMonthlyUsd) && maxMonthlyUsd > 0)) {
    throw optionError('budget.maxMonthlyUsd', maxMonthlyUsd, 'give US dollars, more than 0');
  }
  if (spentUsd !== undefined && typeof spentUsd !== 'function') {
    throw optionError('budget.spentUsd', spentUsd, 'give a function');
  }
}

const VARIABLE = 'CF_MAX_MONTHLY_BUDGET_USD';

/**
 * The budget of a client: its option, else what the environment says, else what it said when the config was generated.
 *
 * @throws BoostError `BOOST_OPTION_INVALID` where the variable is no amount
 */
export function budgetOf(
  option: BudgetOptions | undefined,
  generated: Pick<BudgetOptions, 'maxMonthlyUsd'> | undefined,
): BudgetOptions | undefined {
  if (option !== undefined) return option;
  const { process } = globalThis as {
    readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
  };
  const text = process?.env?.[VARIABLE];
  if (text === undefined || text === '') return generated;
  const budget = { maxMonthlyUsd: Number(text) };
  if (budget.maxMonthlyUsd > 0 && Number.isFinite(budget.maxMonthlyUsd)) return budget;
  throw optionError(VARIABLE, text, 'give US dollars, "5.00" say');
}

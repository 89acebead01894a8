import { bumpModels } from '../plan/cascade.js';
import { isComposite } from '../plan/data.js';
import { planWrite, rowsScopes } from '../plan/index.js';
import type { WriteOperation, WriteOutcome, WritePlan, WriteRunner } from '../plan/plan.js';
import { BumpSet } from '../scope/bump-set.js';
import { EVERYTHING, impreciseScope, tagScope, type Scope } from '../scope/scope.js';
import { affectedRows } from './affected.js';
import { Announcement } from './announcement.js';
import type { EngineCore } from './core.js';
import type {
  CallContext,
  InvalidateTarget,
  InvalidationResult,
  RawCall,
  TransactionScope,
  WriteCall,
} from './engine.js';
import { concluded, tellInvalidation, withFallback } from './invalidation.js';
import type { FailureKind } from './options.js';
import type { RawEffect } from './raw/raw.js';
import { checkTags } from './strategy.js';
import { asTransaction, type Transaction } from './transaction.js';

/** Something that changes the database, and what it may change. */
interface Change {
  readonly model: string;
  readonly fence: readonly Scope[];
  readonly context: CallContext;
  readonly transaction: TransactionScope | undefined;
  run(): Promise<WriteOutcome>;
  /** Whether a statement of it has been done, whatever becomes of those that follow. */
  isBegun(): boolean;
  /** Whether a statement of it may still be on its way when another one has been refused. */
  isComposite(): boolean;
}

/**
 * Announce → database → bump, before the caller hears of it. In an interactive transaction the bumps wait for its commit; where
 * there are no transactions every statement is one.
 */
export class WritePath {
  readonly #core: EngineCore;

  constructor(core: EngineCore) {
    this.#core = core;
  }

  write({ operation, context, transaction, runner }: WriteCall): Promise<unknown> {
    const plan = this.#plan(operation);
    let isBegun = false;
    const watched: WriteRunner = {
      ...runner,
      run: async (action, args) => {
        const result = await runner.run(action, args);
        isBegun = true;
        return result;
      },
    };
    return this.#change({
      model: operation.model,
      fence: plan.fence,
      context,
      transaction,
      run: async () => withFallback(this.#core, await plan.execute(watched)),
      isBegun: () => isBegun,
      isComposite: () => {
        const { schema } = this.#core.plan;
        const { model, args } = operation;
        return schema.has(model) && isComposite(schema.model(model), args);
      },
    });
  }

  async raw(call: RawCall): Promise<unknown> {
    const { text, models, context, transaction } = call;
    const effect: RawEffect =
      models === undefined ? await this.#rawEffect(text) : { kind: 'models', models };
    if (effect.kind === 'nothing') return call.run();
    const fence =
      effect.kind === 'everything' ? this.#everything() : this.#reachedFrom(effect.models);
    return this.#change({
      model: effect.kind === 'everything' ? EVERYTHING : effect.models.join(),
      fence,
      context,
      transaction,
      run: async () => ({ result: await call.run(), bumps: fence }),
      isBegun: () => false,
      isComposite: () => false,
    });
  }

  async invalidate(
    target: InvalidateTarget,
    context: CallContext,
    transaction?: TransactionScope,
  ): Promise<InvalidationResult> {
    const { model, scopes } = this.#targeted(target);
    const isCoarse = target.kind === 'where' && scopes.includes(impreciseScope(model));
    const reason = isCoarse ? 'epoch-model' : undefined;
    const collecting = this.#transaction(transaction);
    if (collecting !== undefined) {
      const write = { model, fence: scopes, context };
      await collecting.enter(write);
      await collecting.leave(write, scopes, reason);
      const affected = affectedRows(this.#core.plan.schema, scopes);
      return { deleted: 0, incomplete: false, costEstimate: 0, scopes, affected };
    }
    const report = await Announcement.late(this.#core, context).commit(scopes);
    return concluded(this.#core, { model, context, report, reason });
  }

  /** What reads SQL is loaded with the first statement: most workers send none. */
  async #rawEffect(text: string): Promise<RawEffect> {
    try {
      const { rawEffect } = await import('./raw/raw.js');
      return rawEffect(this.#core.plan.schema, text);
    } catch (error) {
      this.#core.report(error, 'plan');
      return { kind: 'everything' };
    }
  }

  async #change(change: Change): Promise<unknown> {
    const transaction = this.#transaction(change.transaction);
    return transaction === undefined ? this.#alone(change) : this.#within(transaction, change);
  }

  async #alone(change: Change): Promise<unknown> {
    const { model, fence, context } = change;
    const announcement = await Announcement.begin(this.#core, context, fence);
    let outcome: WriteOutcome;
    try {
      outcome = await change.run();
    } catch (error) {
      await this.#failed(change, announcement, error);
      throw error;
    }
    const report = await announcement.commit(outcome.bumps);
    tellInvalidation(this.#core, { model, context, report, reason: outcome.imprecise });
    return outcome.result;
  }

  /** Bumps what a write may have done before it failed. */
  async #failed(change: Change, announcement: Announcement, error: unknown): Promise<void> {
    const { model, fence, context } = change;
    const kind = this.#classify(error);
    const { options, plan } = this.#core;
    // Where Prisma emulates referential actions, what it did to other rows before a refusal stays done.
    const isWhole = options.transactions === 'interactive' && plan.schema.relationMode !== 'prisma';
    const isTakenBack = kind === 'untouched' || (kind === 'refused' && isWhole);
    if (isTakenBack && !change.isBegun()) return announcement.abort();
    // Prisma refuses at the first statement that fails; without a transaction those beside it go on.
    const isOver = kind !== 'unknown' && (isWhole || !change.isComposite());
    const end = isOver ? announcement.commit(fence) : announcement.unknown(fence);
    tellInvalidation(this.#core, { model, context, report: await end, reason: `failed: ${kind}` });
  }

  async #within(transaction: Transaction, change: Change): Promise<unknown> {
    const { model, fence, context } = change;
    const write = { model, fence, context };
    await transaction.enter(write);
    let outcome: WriteOutcome;
    try {
      outcome = await change.run();
    } catch (error) {
      // Statements before the one that failed may have been done, and the transaction may commit all the same.
      const isUntouched = this.#classify(error) === 'untouched' && !change.isBegun();
      await transaction.leave(write, isUntouched ? [] : write.fence);
      throw error;
    }
    await transaction.leave(write, outcome.bumps, outcome.imprecise);
    return outcome.result;
  }

  #classify(error: unknown): FailureKind {
    return this.#core.options.classifyFailure?.(error) ?? 'unknown';
  }

  /** A write that the planner does not understand may change everything. */
  #plan(operation: WriteOperation): WritePlan {
    try {
      return planWrite(this.#core.plan, operation);
    } catch (error) {
      this.#core.report(error, 'plan');
      const fence = this.#everything();
      const { action, args } = operation;
      return {
        fence,
        execute: async (runner) => ({ result: await runner.run(action, args), bumps: fence }),
      };
    }
  }

  #transaction(scope: TransactionScope | undefined): Transaction | undefined {
    if (scope === undefined || this.#core.options.transactions === 'none') return undefined;
    return asTransaction(scope);
  }

  /** Everything that this tenant reads, and what others read of models that they share with it. */
  #everything(): readonly Scope[] {
    return [EVERYTHING, ...this.#core.options.sharedModels.map(impreciseScope)];
  }

  /** The models with whatever their referential actions and declared triggers reach. */
  #reachedFrom(models: readonly string[]): readonly Scope[] {
    const { plan } = this.#core;
    const bumps = new BumpSet();
    bumpModels(plan, bumps, models);
    for (const model of models) bumpModels(plan, bumps, plan.options.triggers?.[model] ?? []);
    return bumps.toScopes();
  }

  #targeted(target: InvalidateTarget): {
    readonly model: string;
    readonly scopes: readonly Scope[];
  } {
    switch (target.kind) {
      case 'all':
        return { model: EVERYTHING, scopes: [EVERYTHING] };
      case 'tags':
        return { model: EVERYTHING, scopes: checkTags(target.tags).map(tagScope) };
      case 'model': {
        const { name } = this.#core.plan.schema.model(target.model);
        return { model: name, scopes: [impreciseScope(name)] };
      }
      case 'where':
        return { model: target.model, scopes: rowsScopes(this.#core.plan, target) };
    }
  }
}

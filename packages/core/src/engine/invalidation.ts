import type { BumpReport } from '../epoch/authority.js';
import type { WriteOutcome } from '../plan/plan.js';
import type { ResolvedInvalidationPolicy } from '../policy/invalidation-policy.js';
import { KV_PRICE_USD } from '../policy/prices.js';
import { coarseScopes } from '../scope/coarse-scope.js';
import { impreciseScope } from '../scope/scope.js';
import { affectedRows } from './affected.js';
import { Announcement } from './announcement.js';
import type { EngineCore } from './core.js';
import type { CallContext, InvalidationResult } from './engine.js';
import { policyFor } from './model-policy.js';
import type { Reclaimed } from './reclaim.js';

/** A write, or a call of `$invalidateCache`, whose bumps are done. */
export interface Bumped {
  readonly model: string;
  readonly context: CallContext;
  readonly report: BumpReport;
  /** Why the bumps are coarser than what changed, if they are. */
  readonly reason?: string | undefined;
}

/** Tells the hooks what a write invalidated; in the background where entries are deleted first. */
export function tellInvalidation(core: EngineCore, bumped: Bumped): void {
  void concluded(core, bumped);
}

/** What was invalidated, once what the policy wants deleted is deleted. The hooks have been told. */
export function concluded(
  core: EngineCore,
  bumped: Bumped,
): InvalidationResult | Promise<InvalidationResult> {
  const policy = policyFor(core, bumped.model);
  if (policy.strategy === 'epoch') return tell(core, bumped, NOTHING);
  if (core.options.mayReclaim?.() === false) {
    return tell(core, bumped, { ...NOTHING, reason: 'budget' });
  }
  const done = reclaimed(core, bumped, policy);
  core.ports.waitUntil(done);
  return done;
}

async function reclaimed(
  core: EngineCore,
  bumped: Bumped,
  policy: ResolvedInvalidationPolicy,
): Promise<InvalidationResult> {
  const { context, report } = bumped;
  // Loaded by those alone who want deletes.
  const { Reclaim } = await import('./reclaim.js');
  const reclaim = new Reclaim(core, context, policy);
  await reclaim.run(report.scopes);
  const { fallback } = core.options.policy;
  if (reclaim.reason === undefined) return tell(core, bumped, reclaim);
  if (fallback === 'allow-incomplete') {
    return tell(core, { ...bumped, report: { ...report, incomplete: true } }, reclaim);
  }
  if (fallback === 'epoch-prefix' || reclaim.unfinished.length === 0) {
    return tell(core, bumped, reclaim);
  }
  const coarse = reclaim.unfinished.map(impreciseScope);
  const more = await Announcement.late(core, context).commit(coarse);
  const sum: BumpReport = {
    scopes: [...report.scopes, ...more.scopes],
    puts: report.puts + more.puts,
    incomplete: report.incomplete || more.incomplete,
    ...(report.reason === undefined ? {} : { reason: report.reason }),
  };
  return tell(core, { ...bumped, report: sum }, reclaim);
}

const NOTHING: Reclaimed = { lists: 0, reads: 0, deletes: 0, deleted: 0, reason: undefined };

function tell(core: EngineCore, bumped: Bumped, reclaim: Reclaimed): InvalidationResult {
  const { model, context, report, reason } = bumped;
  const { scopes, puts, incomplete } = report;
  const { deleted, deletes, lists, reads } = reclaim;
  const { read, write, list, delete: remove } = KV_PRICE_USD;
  const costEstimate = puts * write + deletes * remove + lists * list + reads * read;
  const reasons = [reason, report.reason, reclaim.reason].filter((some) => some !== undefined);
  const fallbackReason = reasons.length === 0 ? undefined : reasons.join(', ');
  const { onInvalidate } = core.options;
  const result: InvalidationResult = {
    deleted,
    incomplete,
    costEstimate,
    scopes,
    get affected() {
      return affectedRows(core.plan.schema, scopes);
    },
    ...(fallbackReason === undefined ? {} : { details: { fallbackReason } }),
  };
  if (onInvalidate !== undefined) core.guarded(() => onInvalidate(model, result));
  core.emit({
    type: 'invalidate',
    model,
    tenant: context.tenant,
    scopes,
    get affected() {
      return result.affected;
    },
    puts,
    deleted,
    deletes,
    lists,
    reads,
    incomplete,
    costEstimate,
    ...(fallbackReason === undefined ? {} : { fallbackReason }),
  });
  return result;
}

/** With the fallback `epoch-model`, a write whose rows are not known one by one bumps everything of its models. */
export function withFallback(core: EngineCore, outcome: WriteOutcome): WriteOutcome {
  const { bumps, imprecise } = outcome;
  if (imprecise === undefined || core.options.policy.fallback !== 'epoch-model') return outcome;
  return { ...outcome, bumps: coarseScopes(bumps) };
}

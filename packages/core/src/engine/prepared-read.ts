import type { ReadContext } from '../epoch/authority.js';
import { modelOf } from '../epoch/space.js';
import { isBoostError } from '../error.js';
import { makeKey, type EntryKey } from '../key/key.js';
import { planRead } from '../plan/index.js';
import type { ReadPlan } from '../plan/plan.js';
import type { EngineCore } from './core.js';
import type { CacheStrategy, ReadCall } from './engine.js';
import { checkTags, lifetimeOf, type Lifetime } from './strategy.js';

/** A read that can be cached: how, under which key, and what it depends on. */
export interface PreparedRead {
  readonly call: ReadCall;
  readonly plan: ReadPlan;
  readonly lifetime: Lifetime;
  readonly context: ReadContext;
  readonly key: EntryKey;
  /** The key's store key behind the prefix of all keys. */
  readonly storeKey: string;
}

/** Why the database has to answer, with what was found out before that. */
export interface Uncacheable {
  readonly reason: string;
  readonly plan?: ReadPlan;
  readonly digest?: string;
}

/**
 * Decides whether and how a read is cached.
 *
 * @throws BoostError `BOOST_STRATEGY_INVALID`
 */
export function prepareRead(core: EngineCore, call: ReadCall): PreparedRead | Uncacheable {
  if (call.strategy === false) return { reason: 'strategy' };
  const { defaultTTL, defaultSWR } = core.options;
  const defaults = { ttlSeconds: defaultTTL, swrSeconds: defaultSWR };
  const lifetime = lifetimeOf(call.strategy, defaults);
  const tags = checkTags(call.strategy.tags);
  if (call.bypass !== undefined) return { reason: call.bypass };
  if (lifetime.ttlSeconds + lifetime.swrSeconds === 0) return { reason: 'ttl' };
  const plan = planOf(core, call, tags);
  if (plan === null) return { reason: 'not-understood' };
  if (plan.uncacheable !== undefined) return { reason: plan.uncacheable, plan };
  const key = keyOf(core, call, plan);
  if (key === null) return { reason: 'no-key', plan };
  const context: ReadContext = {
    tenant: call.context.tenant,
    session: call.context.session,
    key: key.digest,
    consistency: call.consistency ?? core.tier.consistency,
  };
  const refused = core.authority.refuses(context, plan.scopes);
  if (refused !== undefined) return { reason: refused, plan, digest: key.digest };
  const storeKey = core.options.prefix + key.storeKey;
  return { call, plan, lifetime, context, key, storeKey };
}

export function isPrepared(read: PreparedRead | Uncacheable): read is PreparedRead {
  return 'storeKey' in read;
}

/** Null for an operation that the planner does not understand: it is not cached, and `onError` says why. */
function planOf(core: EngineCore, call: ReadCall, tags: CacheStrategy['tags']): ReadPlan | null {
  try {
    return planRead(core.plan, call.operation, tags);
  } catch (error) {
    core.report(error, 'plan');
    return null;
  }
}

/** Null where a value of the arguments cannot be part of a key. */
function keyOf(core: EngineCore, call: ReadCall, plan: ReadPlan): EntryKey | null {
  const { operation, context, variant } = call;
  const { model, action, args, omit, needs } = operation;
  const { tenant } = context;
  const user = isPublic(core, plan) ? undefined : context.user;
  try {
    return makeKey(core.keys, { tenant, user, model, action, args, omit, needs, variant });
  } catch (error) {
    if (isBoostError(error, 'BOOST_VALUE_UNSUPPORTED')) return null;
    core.report(error, 'key');
    return null;
  }
}

/** Whether every model read is declared shared: the result is then private to nobody. */
function isPublic(core: EngineCore, plan: ReadPlan): boolean {
  return plan.scopes.every((scope) => {
    const model = modelOf(scope);
    return model === null || scope.startsWith('tag:') || core.isShared(model);
  });
}

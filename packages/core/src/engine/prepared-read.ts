import type { ReadContext } from '../epoch/authority.js';
import { modelOf } from '../epoch/space.js';
import { isBoostError } from '../error.js';
import { makeKey, readText, type EntryKey, type KeyParts } from '../key/key.js';
import { planRead } from '../plan/index.js';
import type { ReadPlan } from '../plan/plan.js';
import type { Scope } from '../scope/scope.js';
import type { EngineCore } from './core.js';
import type { ReadCall } from './engine.js';
import type { KnownRead } from './known-reads.js';
import { checkTags, lifetimeOf, type Lifetime } from './strategy.js';

/** A read that can be cached: how, under which key, and what it depends on. */
export interface PreparedRead extends KnownRead {
  readonly call: ReadCall;
  readonly lifetime: Lifetime;
  readonly tags: readonly string[];
  readonly context: ReadContext;
  /** The key's store key behind the prefix of all keys. */
  readonly storeKey: string;
  /** Absent where the read was known: a hit needs none. */
  readonly plan: ReadPlan | undefined;
}

/** Why the database has to answer, with what was found out before that. */
export interface Uncacheable {
  readonly reason: string;
  readonly scopes?: readonly Scope[];
  readonly digest?: string;
}

/** Longest text of a read that is remembered: what is longer lists values, and seldom the same ones twice. */
const MAX_REMEMBERED_CHARACTERS = 1_000;

/**
 * Decides whether and how a read is cached.
 *
 * @throws BoostError `BOOST_STRATEGY_INVALID`
 */
export function prepareRead(core: EngineCore, call: ReadCall): PreparedRead | Uncacheable {
  if (call.strategy === false) return { reason: 'strategy' };
  const lifetime = lifetimeOf(call.strategy, core.lifetime);
  const tags = checkTags(call.strategy.tags);
  if (call.bypass !== undefined) return { reason: call.bypass };
  if (lifetime.ttlSeconds + lifetime.swrSeconds === 0) return { reason: 'ttl' };
  const text = textOf(call, tags);
  const known = text === undefined ? undefined : core.reads.get(text);
  const understood =
    known === undefined ? understand(core, call, tags) : { ...known, plan: undefined };
  if ('reason' in understood) return understood;
  const { key, scopes, plan } = understood;
  const isNew = known === undefined && text !== undefined;
  if (isNew && text.length <= MAX_REMEMBERED_CHARACTERS) core.reads.set(text, { key, scopes });
  const context: ReadContext = {
    tenant: call.context.tenant,
    session: call.context.session,
    key: key.digest,
    consistency: call.consistency ?? core.tier.consistency,
  };
  const refused = core.authority.refuses(context, scopes);
  if (refused !== undefined) return { reason: refused, scopes, digest: key.digest };
  const storeKey = core.options.prefix + key.storeKey;
  return { call, lifetime, tags, scopes, context, key, storeKey, plan };
}

export function isPrepared(read: PreparedRead | Uncacheable): read is PreparedRead {
  return 'storeKey' in read;
}

/** How to ask the database. */
export function planOf(core: EngineCore, { plan, call, tags }: PreparedRead): ReadPlan {
  return plan ?? planRead(core.plan, call.operation, tags);
}

interface Understood extends KnownRead {
  readonly plan: ReadPlan | undefined;
}

/** Plans a read that is not known, and makes its key. */
function understand(
  core: EngineCore,
  call: ReadCall,
  tags: readonly string[],
): Understood | Uncacheable {
  const plan = tryPlan(core, call, tags);
  if (plan === null) return { reason: 'not-understood' };
  const { scopes, uncacheable } = plan;
  if (uncacheable !== undefined) return { reason: uncacheable, scopes };
  const key = tryKey(core, call, scopes);
  return key === null ? { reason: 'no-key', scopes } : { key, scopes, plan };
}

/** Null for an operation that the planner does not understand: it is not cached, and `onError` says why. */
function tryPlan(core: EngineCore, call: ReadCall, tags: readonly string[]): ReadPlan | null {
  try {
    return planRead(core.plan, call.operation, tags);
  } catch (error) {
    core.report(error, 'plan');
    return null;
  }
}

/** Null where a value of the arguments cannot be part of a key. */
function tryKey(core: EngineCore, call: ReadCall, scopes: readonly Scope[]): EntryKey | null {
  const user = isPublic(core, scopes) ? undefined : call.context.user;
  try {
    return makeKey(core.keys, { ...partsOf(call), user });
  } catch (error) {
    if (isBoostError(error, 'BOOST_VALUE_UNSUPPORTED')) return null;
    core.report(error, 'key');
    return null;
  }
}

/** Everything that decides key and plan, as it was given; undefined where a part has no text. */
function textOf(call: ReadCall, tags: readonly string[]): string | undefined {
  try {
    // Tags have no comma, and a read's text ends with a bracket.
    return readText(partsOf(call)) + tags.join();
  } catch {
    // The key is made of the same parts, and says what is wrong with them.
    return undefined;
  }
}

function partsOf({ operation, context, variant }: ReadCall): KeyParts {
  const { model, action, args, omit, needs } = operation;
  const { tenant, user } = context;
  return { tenant, user, model, action, args, omit, needs, variant };
}

/** Whether every model read is declared shared: the result is then private to nobody. */
function isPublic(core: EngineCore, scopes: readonly Scope[]): boolean {
  return scopes.every((scope) => {
    const model = modelOf(scope);
    return model === null || scope.startsWith('tag:') || core.isShared(model);
  });
}

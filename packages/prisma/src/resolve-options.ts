import { checkAnalyticsOptions, checkBudgetOptions } from '@boost/analytics';
import { checkCoordinatorOptions } from '@boost/coordinator';
import {
  optionError as invalid,
  resolveInvalidationPolicy,
  TIER_LIMITS,
  type Schema,
} from '@boost/core';
import { isConsistency } from './consistency.js';
import type {
  CacheExtensionOptions,
  FieldTrackingOptions,
  InnerExtensions,
  ModelOptions,
} from './options.js';

/** What the extension itself reads of the options, with what they leave open filled in. */
export interface ResolvedOptions {
  readonly enabled: boolean;
  readonly cacheByDefault: boolean;
  readonly models: Readonly<Record<string, ModelOptions>>;
  readonly innerExtensions: InnerExtensions;
}

type OptionName = keyof CacheExtensionOptions;

const FUNCTIONS: readonly OptionName[] = [
  'getPrivateContext',
  'rawModels',
  'onInvalidate',
  'onError',
  'onEvent',
];

const KNOWN: ReadonlySet<string> = new Set<OptionName>([
  'adapter',
  'analytics',
  'budget',
  'config',
  'version',
  'accountTier',
  'executionCtx',
  'defaultTTL',
  'defaultSWR',
  'enabled',
  'cacheByDefault',
  'consistency',
  'coordinator',
  'models',
  'getPrivateContext',
  'fieldTracking',
  'views',
  'triggers',
  'rawModels',
  'innerExtensions',
  'invalidationPolicy',
  'databaseId',
  'session',
  'operationTimeout',
  'onInvalidate',
  'onError',
  'onEvent',
]);

/**
 * Checks the options and fills in what they leave open. The engine checks what it alone reads.
 *
 * @throws BoostError `BOOST_OPTION_INVALID`, `BOOST_MODEL_UNKNOWN`
 */
export function resolveOptions(options: CacheExtensionOptions, schema: Schema): ResolvedOptions {
  for (const name of FUNCTIONS) check(name, options[name], 'function', 'give a function');
  const { executionCtx, session, innerExtensions = 'unknown' } = options;
  if (executionCtx !== undefined && typeof executionCtx?.waitUntil !== 'function') {
    throw invalid('executionCtx', executionCtx, "give the `ctx` of the worker's handler");
  }
  if (session !== undefined) {
    checkObject('session', session);
    check('session.ticket', session.ticket, 'string', 'give what `$session.ticket()` returned');
    checkSeconds('session.propagationSeconds', session.propagationSeconds);
    if (session.d1 !== undefined) checkObject('session.d1', session.d1);
  }
  if (typeof innerExtensions !== 'function' && !['unknown', 'harmless'].includes(innerExtensions)) {
    throw invalid('innerExtensions', innerExtensions, 'give "unknown", "harmless" or a function');
  }
  resolveInvalidationPolicy(options.invalidationPolicy, TIER_LIMITS.free);
  checkConsistency('consistency', options.consistency);
  if (options.budget !== undefined) checkBudgetOptions(options.budget);
  if (options.analytics !== undefined) checkAnalyticsOptions(options.analytics);
  if (options.coordinator !== undefined) checkCoordinatorOptions(options.coordinator);
  checkTenants(options);
  checkByModel(options, schema);
  return {
    enabled: flag('enabled', options.enabled, true),
    cacheByDefault: flag('cacheByDefault', options.cacheByDefault, true),
    models: options.models ?? {},
    innerExtensions,
  };
}

/**
 * Refuses what is not an option: names that are misspelt.
 *
 * @throws BoostError `BOOST_OPTION_INVALID`
 */
export function checkOptionNames(options: unknown): asserts options is CacheExtensionOptions {
  checkObject('options', options);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || KNOWN.has(name)) continue;
    throw invalid(name, value, 'there is no such option');
  }
}

/** Tenants that are apart have nothing in common, and each of them a name. */
function checkTenants({
  coordinator,
  getPrivateContext,
  models = {},
}: CacheExtensionOptions): void {
  if (coordinator?.crossTenant !== false) return;
  const shared = Object.keys(models).find((model) => models[model]?.shared === true);
  if (shared !== undefined) {
    const fix =
      'coordinator.crossTenant: false rules out what tenants share; give up one of the two';
    throw invalid(`models.${shared}.shared`, true, fix);
  }
  if (getPrivateContext !== undefined) return;
  throw invalid('coordinator.crossTenant', false, 'give getPrivateContext, which names the tenant');
}

function checkConsistency(option: string, value: unknown): void {
  if (value === undefined || isConsistency(value)) return;
  throw invalid(option, value, 'give "strong", "session" or "eventual"');
}

function checkByModel(options: CacheExtensionOptions, schema: Schema): void {
  for (const name of ['models', 'fieldTracking', 'views', 'triggers'] as const) {
    const byModel = options[name];
    if (byModel === undefined) continue;
    checkObject(name, byModel);
    for (const [model, value] of Object.entries(byModel)) {
      schema.model(model);
      if (name !== 'views' && name !== 'triggers') continue;
      if (!Array.isArray(value)) throw invalid(`${name}.${model}`, value, 'give a list of models');
      for (const target of value as readonly string[]) schema.model(target);
    }
  }
  for (const [model, own] of Object.entries(options.models ?? {})) checkModel(model, own);
  for (const [model, tracking] of Object.entries(options.fieldTracking ?? {})) {
    checkTracking(model, tracking, schema);
  }
}

function checkModel(model: string, own: unknown): void {
  checkObject(`models.${model}`, own);
  for (const [name, value] of Object.entries(own) as [string, unknown][]) {
    const option = `models.${model}.${name}`;
    if (name === 'cache' || name === 'shared') flag(option, value, true);
    else if (name === 'ttl' || name === 'swr') checkSeconds(option, value);
    else if (name === 'consistency') checkConsistency(option, value);
    else throw invalid(option, value, 'there is no such option');
  }
}

function checkTracking(model: string, tracking: unknown, schema: Schema): void {
  checkObject(`fieldTracking.${model}`, tracking);
  for (const [name, value] of Object.entries(tracking) as [string, unknown][]) {
    const option = `fieldTracking.${model}.${name}`;
    if (name === 'enabled') {
      flag(option, value, true);
      continue;
    }
    if (name !== 'neverInvalidateOn' && name !== 'alwaysInvalidateOn') {
      throw invalid(option, value, 'there is no such option');
    }
    if (!Array.isArray(value)) throw invalid(option, value, 'give a list of fields');
    for (const field of value as readonly string[]) {
      if (schema.model(model).fields.get(field)?.kind === 'scalar') continue;
      throw invalid(option, field, `give names of scalar fields of ${model}`);
    }
  }
  const { neverInvalidateOn = [], alwaysInvalidateOn = [] } = tracking as FieldTrackingOptions;
  const both = neverInvalidateOn.find((field) => alwaysInvalidateOn.includes(field));
  if (both === undefined) return;
  const option = `fieldTracking.${model}.neverInvalidateOn`;
  throw invalid(option, both, 'alwaysInvalidateOn names it as well; leave it in one of the two');
}

function flag(option: string, value: unknown, byDefault: boolean): boolean {
  check(option, value, 'boolean', 'give true or false');
  return (value as boolean | undefined) ?? byDefault;
}

function checkSeconds(option: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return;
  throw invalid(option, value, 'give a number of seconds, 0 or more');
}

function check(option: string, value: unknown, type: string, fix: string): void {
  if (value !== undefined && typeof value !== type) throw invalid(option, value, fix);
}

function checkObject(option: string, value: unknown): asserts value is object {
  if (typeof value === 'object' && value !== null) return;
  throw invalid(option, value, 'give an object');
}

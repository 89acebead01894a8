import type { CacheAdapter } from '../adapter/adapter.js';
import type { LoadFaultPolicy } from '../adapter/fault-policy.js';
import type { AuthoritySource } from '../epoch/authority.js';
import { checkPrefix } from '../epoch/kv-keys.js';
import type { PlanOptions } from '../plan/index.js';
import {
  resolveInvalidationPolicy,
  type InvalidationPolicy,
  type ResolvedInvalidationPolicy,
} from '../policy/invalidation-policy.js';
import { DEFAULT_TTL_SECONDS } from '../policy/lifetime.js';
import { checkOneOf, optionError } from '../policy/option-error.js';
import { TIER_LIMITS, type AccountTier } from '../policy/tier.js';
import type { Ports } from '../ports.js';
import type { ModelCaps } from '../schema/config.js';
import type { Schema } from '../schema/schema.js';
import type { EngineHooks } from './events.js';

/**
 * What an error of the database says about the write that threw it.
 *
 * - `untouched`: it never reached the database (a validation error of the client)
 * - `refused`: the database answered that it did not do it (a constraint); with transactions nothing has changed
 * - `unknown`: anything else; it may have committed, or may still
 */
export type FailureKind = 'untouched' | 'refused' | 'unknown';

export interface EngineOptions extends EngineHooks {
  readonly ports: Ports;
  readonly schema: Schema;
  readonly adapter: CacheAdapter;
  /** @defaultValue nonces in the store where it is shared, else a log in this process that all clients of the adapter share */
  readonly authority?: AuthoritySource;
  /** Part of every key: another version neither reads nor overwrites the entries of this one. */
  readonly version: string;
  /** @defaultValue 'free' */
  readonly tier?: AccountTier;
  /** Tells databases apart that share a store. @defaultValue 'default' */
  readonly databaseId?: string;
  /** What every key begins with: at most 64 printable ASCII characters. @defaultValue '' */
  readonly prefix?: string;
  /** Seconds that an entry is fresh where the call does not say. @defaultValue 300 */
  readonly defaultTTL?: number;
  /** Seconds that an entry may be served after that while it is revalidated. @defaultValue 0 */
  readonly defaultSWR?: number;
  /** Seconds after which the store is taken to have told everyone of a write, where epochs live in it. @defaultValue 300 */
  readonly propagationSeconds?: number;
  /** Milliseconds that one call to the store may take before the database answers instead. @defaultValue the store's own, else 2000 */
  readonly operationTimeout?: number;
  /**
   * Fetches what deals with a store that fails: tries reads again, and stops asking while it keeps failing.
   *
   * @defaultValue neither
   */
  readonly loadFaultPolicy?: LoadFaultPolicy;
  /** Milliseconds that a read waits for an identical one under way before it asks for itself. @defaultValue 5000 */
  readonly coalesceTimeout?: number;
  /** Milliseconds after which a write that was begun is taken to be decided. @defaultValue 30_000 */
  readonly writeDeadline?: number;
  /** `none`: every statement is a commit of its own and nothing is rolled back (D1). @defaultValue 'interactive' */
  readonly transactions?: 'interactive' | 'none';
  /** Most parameters of a statement. @defaultValue 100, what D1 takes */
  readonly maxParameters?: number;
  /** Models whose rows every tenant sees. @defaultValue none */
  readonly sharedModels?: readonly string[];
  /** What an invalidation does beside bumping. @defaultValue it bumps alone */
  readonly invalidationPolicy?: InvalidationPolicy;
  /** Learned by model: lowers what the tier allows. What `invalidationPolicy` says itself stands, but for a strategy `epoch`. */
  readonly caps?: Readonly<Record<string, ModelCaps>>;
  /** False while nothing may be deleted from the store, whatever the policy says. @defaultValue it always may */
  readonly mayReclaim?: () => boolean;
  /** What the planners are told beside the schema. */
  readonly plan?: PlanOptions;
  /** @defaultValue every failure is `unknown` */
  readonly classifyFailure?: (error: unknown) => FailureKind;
  /** Builds the client's own Decimal from its digits. */
  readonly makeDecimal: (text: string) => unknown;
}

/** The options with what they leave open filled in. */
export interface ResolvedOptions {
  readonly tier: AccountTier;
  readonly databaseId: string;
  readonly prefix: string;
  readonly defaultTTL: number;
  readonly defaultSWR: number;
  readonly operationTimeout: number;
  readonly coalesceTimeout: number;
  readonly writeDeadline: number;
  readonly transactions: 'interactive' | 'none';
  readonly maxParameters: number;
  readonly sharedModels: readonly string[];
  readonly policy: ResolvedInvalidationPolicy;
}

/** @throws BoostError `BOOST_OPTION_INVALID`, `BOOST_MODEL_UNKNOWN` */
export function resolveOptions(options: EngineOptions): ResolvedOptions {
  const { tier = 'free' } = options;
  checkOneOf('accountTier', tier, Object.keys(TIER_LIMITS));
  checkAdapter(options.adapter);
  const resolved: ResolvedOptions = {
    tier,
    databaseId: options.databaseId ?? 'default',
    prefix: checkPrefix(options.prefix ?? ''),
    defaultTTL: options.defaultTTL ?? DEFAULT_TTL_SECONDS,
    defaultSWR: options.defaultSWR ?? 0,
    operationTimeout: options.operationTimeout ?? options.adapter.operationTimeout ?? 2_000,
    coalesceTimeout: options.coalesceTimeout ?? 5_000,
    writeDeadline: options.writeDeadline ?? 30_000,
    transactions: options.transactions ?? 'interactive',
    maxParameters: options.maxParameters ?? 100,
    sharedModels: options.sharedModels ?? [],
    policy: resolveInvalidationPolicy(options.invalidationPolicy, TIER_LIMITS[tier]),
  };
  checkText('version', options.version);
  checkText('databaseId', resolved.databaseId);
  checkOneOf('transactions', resolved.transactions, ['interactive', 'none']);
  checkNumber('defaultTTL', resolved.defaultTTL, 0, 'seconds');
  checkNumber('defaultSWR', resolved.defaultSWR, 0, 'seconds');
  for (const name of ['operationTimeout', 'coalesceTimeout', 'writeDeadline'] as const) {
    checkNumber(name, resolved[name], 1, 'milliseconds');
  }
  checkNumber('propagationSeconds', options.propagationSeconds ?? 0, 0, 'seconds');
  checkNumber('maxParameters', resolved.maxParameters, 1, 'parameters');
  for (const model of resolved.sharedModels) options.schema.model(model);
  return resolved;
}

function checkText(option: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return;
  throw optionError(option, value, 'give a non-empty text');
}

function checkNumber(option: string, value: unknown, least: number, unit: string): void {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return;
  throw optionError(option, value, `give a number of ${unit}, ${least} or more`);
}

const ADAPTER_METHODS = ['get', 'getMany', 'set', 'delete', 'deleteMany', 'list'] as const;

function checkAdapter(adapter: unknown): void {
  const given = (typeof adapter === 'object' ? adapter : null) as Partial<CacheAdapter> | null;
  const missing = ADAPTER_METHODS.filter((method) => typeof given?.[method] !== 'function');
  if (missing.length === 0 && typeof given?.capabilities === 'object') return;
  throw optionError(
    'adapter',
    adapter,
    'give what createKVAdapter or another adapter factory returns',
  );
}

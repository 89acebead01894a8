import { checkOneOf, optionError } from './option-error.js';
import type { TierLimits } from './tier.js';

/**
 * What an invalidation does to the entries in the store, beside the bumps that make them invalid at once and that every strategy
 * begins with.
 *
 * - `epoch`: nothing; they expire
 * - `hybrid`: where everything of a model has become invalid, its entries are deleted
 * - `delete`: after every write, the entries of the models written are looked through, and those that became invalid are deleted
 */
export type InvalidationStrategy = 'epoch' | 'delete' | 'hybrid';

/**
 * What an invalidation does that cannot be carried out in full: rows are not known one by one (past the row budget, another
 * writer in between), or there are more lists and deletes than the caps allow.
 *
 * - `epoch-prefix`: bumps the narrowest scopes that are known to hold the rows; entries past the caps stay until they expire
 * - `epoch-model`: bumps everything of the model
 * - `allow-incomplete`: as `epoch-prefix`, and says `incomplete` where entries past the caps were left
 */
export type InvalidationFallback = 'epoch-model' | 'epoch-prefix' | 'allow-incomplete';

export interface InvalidationPolicy {
  /** @defaultValue 'epoch' */
  readonly strategy?: InvalidationStrategy;
  /** @defaultValue 'epoch-prefix' */
  readonly fallback?: InvalidationFallback;
  /** True is the fallback `allow-incomplete` where no other is given; false refuses it. */
  readonly allowIncomplete?: boolean;
  /** Most lists of the store for one invalidation, 1,000 keys each. @defaultValue 3 (free), 6 (pro) */
  readonly maxLists?: number;
  /** Most deletes for one invalidation. @defaultValue 150 (free), 600 (pro) */
  readonly maxDeletes?: number;
}

/** The policy with what it leaves open filled in. */
export interface ResolvedInvalidationPolicy {
  readonly strategy: InvalidationStrategy;
  readonly fallback: InvalidationFallback;
  readonly maxLists: number;
  readonly maxDeletes: number;
}

const NAMES = ['strategy', 'fallback', 'allowIncomplete', 'maxLists', 'maxDeletes'];

/** @throws BoostError `BOOST_OPTION_INVALID` */
export function resolveInvalidationPolicy(
  given: InvalidationPolicy | undefined,
  limits: TierLimits,
): ResolvedInvalidationPolicy {
  if (given !== undefined && (typeof given !== 'object' || given === null)) {
    throw optionError('invalidationPolicy', given, 'give an object');
  }
  const policy = given ?? {};
  for (const [name, value] of Object.entries(policy)) {
    if (value === undefined || NAMES.includes(name)) continue;
    throw optionError(`invalidationPolicy.${name}`, value, 'there is no such option');
  }
  const { strategy = 'epoch', allowIncomplete, maxLists, maxDeletes } = policy;
  const byDefault = allowIncomplete === true ? 'allow-incomplete' : 'epoch-prefix';
  const { fallback = byDefault } = policy;
  checkOneOf('invalidationPolicy.strategy', strategy, ['epoch', 'delete', 'hybrid']);
  checkOneOf('invalidationPolicy.fallback', fallback, [
    'epoch-model',
    'epoch-prefix',
    'allow-incomplete',
  ]);
  if (allowIncomplete !== undefined && typeof allowIncomplete !== 'boolean') {
    throw optionError('invalidationPolicy.allowIncomplete', allowIncomplete, 'give true or false');
  }
  if (allowIncomplete === false && fallback === 'allow-incomplete') {
    throw optionError(
      'invalidationPolicy.allowIncomplete',
      allowIncomplete,
      'leave it out, or give another fallback than "allow-incomplete"',
    );
  }
  return {
    strategy,
    fallback,
    maxLists: cap('maxLists', maxLists, limits.bulkConcurrency),
    maxDeletes: cap('maxDeletes', maxDeletes, limits.maxBulkRows),
  };
}

function cap(name: string, value: number | undefined, byDefault: number): number {
  if (value === undefined) return byDefault;
  if (Number.isInteger(value) && value >= 0) return value;
  throw optionError(`invalidationPolicy.${name}`, value, 'give a whole number, 0 or more');
}

import type { CacheTier } from '../adapter/adapter.js';
import type { Entry, NoEntry } from '../codec/entry.js';
import type { MaybePromise, Verdict, View } from '../epoch/authority.js';
import { BoostError, isBoostError } from '../error.js';
import type { EngineCore } from './core.js';
import type { PreparedRead } from './prepared-read.js';

/** What the store holds for a read, judged. */
export type Found = Hit | NotFound;

export interface Hit {
  readonly kind: 'hit';
  readonly entry: Entry;
  readonly result: unknown;
  readonly view: View;
  /** Who had the entry. */
  readonly tier: CacheTier;
}

export type NotFound =
  | {
      readonly kind: 'miss';
      readonly reason: string;
      readonly view: View;
      /** The entry that a write made invalid. */
      readonly invalidated?: Entry;
    }
  /** Nothing may be filled: the state of the epochs is not known, or a write is under way. */
  | {
      readonly kind: 'bypass';
      readonly reason: string;
      /** Only because the store failed: many reads may go to the database at once that otherwise would not. */
      readonly isOutage?: boolean;
    };

/**
 * Reads the entry and what tells whether it is current, in one round trip where the epochs follow from the arguments. Every
 * failure is told and ends in a bypass. Waits for nothing where both are at hand.
 */
export function lookUp(core: EngineCore, read: PreparedRead): MaybePromise<Found> {
  const { authority, store } = core;
  const { context, scopes, storeKey } = read;
  const epochs = authority.prefetchKeys(context, scopes);
  try {
    const text = epochs.length === 0 ? store.getNow(storeKey) : undefined;
    if (text !== undefined) return verify(core, read, NO_VALUES, { text, tier: 'memory' });
  } catch (error) {
    return storeFailed(core, error);
  }
  const answeredBy = new Map<string, CacheTier>();
  return store.getMany([storeKey, ...epochs], epochs, answeredBy).then(
    (values) => {
      const text = values.get(storeKey) ?? null;
      const tier = answeredBy.get(storeKey) ?? store.capabilities.tier;
      return verify(core, read, values, { text, tier });
    },
    (error: unknown) => storeFailed(core, error),
  );
}

interface Stored {
  readonly text: string | null;
  readonly tier: CacheTier;
}

const NO_VALUES: ReadonlyMap<string, string | null> = new Map();

function storeFailed(core: EngineCore, error: unknown): NotFound {
  return outage(core, error, 'get', 'store-failed');
}

function epochFailed(core: EngineCore, error: unknown): NotFound {
  return outage(core, error, 'epoch', 'epoch-failed');
}

/** A store that is not asked because it failed has been told of when it did. */
function outage(core: EngineCore, error: unknown, operation: string, reason: string): NotFound {
  if (isBoostError(error, 'BOOST_STORE_CIRCUIT_OPEN')) {
    return { kind: 'bypass', reason: 'circuit-open', isOutage: true };
  }
  core.report(error, operation);
  return { kind: 'bypass', reason, isOutage: true };
}

function verify(
  core: EngineCore,
  read: PreparedRead,
  values: ReadonlyMap<string, string | null>,
  stored: Stored,
): MaybePromise<Found> {
  try {
    const view = core.authority.open(read.context, read.scopes, values);
    const found =
      view instanceof Promise
        ? view.then((opened) => judge(core, read, opened, stored))
        : judge(core, read, view, stored);
    if (!(found instanceof Promise)) return found;
    return found.catch((error: unknown) => epochFailed(core, error));
  } catch (error) {
    return epochFailed(core, error);
  }
}

function judge(
  core: EngineCore,
  read: PreparedRead,
  view: View,
  { text, tier }: Stored,
): MaybePromise<Found> {
  if (text === null) return { kind: 'miss', reason: 'absent', view };
  const entry = open(core, text, read);
  if (entry === null) return { kind: 'miss', reason: 'damaged', view };
  if (core.now() >= entry.staleUntilMs) return { kind: 'miss', reason: 'expired', view };
  const verdict = view.check(entry.stamp, entry.times);
  return verdict instanceof Promise
    ? verdict.then((asked) => conclude(core, { view, entry, tier }, asked))
    : conclude(core, { view, entry, tier }, verdict);
}

function conclude(core: EngineCore, found: Omit<Hit, 'kind' | 'result'>, verdict: Verdict): Found {
  const { view, entry } = found;
  if (verdict.kind === 'bypass') return verdict;
  if (verdict.kind === 'stale') {
    const reason = verdict.scope === undefined ? 'invalidated' : `invalidated by ${verdict.scope}`;
    return { kind: 'miss', reason, view, invalidated: entry };
  }
  const decoded = decode(core, entry);
  if (decoded === null) return { kind: 'miss', reason: 'damaged', view };
  return { kind: 'hit', ...found, result: decoded.result };
}

/** What is no entry of this read is a miss, and told. */
function open(core: EngineCore, text: string, { storeKey, key }: PreparedRead): Entry | null {
  const entry = core.opened.open(storeKey, text, key);
  if (entry.kind === 'entry') return entry;
  core.report(damaged(key.digest, entry.reason), 'decode');
  return null;
}

function decode(core: EngineCore, entry: Entry): { readonly result: unknown } | null {
  try {
    return { result: entry.result(core.options.makeDecimal) };
  } catch (error) {
    core.report(damaged(entry.digest, 'damaged', error), 'decode');
    return null;
  }
}

function damaged(digest: string, reason: NoEntry['reason'], cause?: unknown): BoostError {
  return new BoostError(
    'BOOST_ENTRY_DAMAGED',
    `What the store holds under the digest ${digest} is not an entry of this read (${reason}): the database answers and it is replaced`,
    { cause, details: { digest, reason } },
  );
}

import { decodeEntry, type Entry, type NoEntry } from '../codec/entry.js';
import type { View } from '../epoch/authority.js';
import { BoostError } from '../error.js';
import type { EntryKey } from '../key/key.js';
import type { EngineCore } from './core.js';
import type { PreparedRead } from './prepared-read.js';

/** What the store holds for a read, judged. */
export type Found = Hit | NotFound;

export interface Hit {
  readonly kind: 'hit';
  readonly entry: Entry;
  readonly result: unknown;
  readonly view: View;
}

export type NotFound =
  | { readonly kind: 'miss'; readonly reason: string; readonly view: View }
  /** Nothing may be filled: the state of the epochs is not known, or a write is under way. */
  | { readonly kind: 'bypass'; readonly reason: string };

/**
 * Reads the entry and what tells whether it is current, in one round trip where the epochs follow from the arguments. Every
 * failure is told and ends in a bypass.
 */
export async function lookUp(core: EngineCore, read: PreparedRead): Promise<Found> {
  const { authority, store } = core;
  const { context, plan, storeKey } = read;
  const epochs = authority.prefetchKeys(context, plan.scopes);
  let values: ReadonlyMap<string, string | null>;
  try {
    values = await store.getMany([storeKey, ...epochs], epochs);
  } catch (error) {
    core.report(error, 'get');
    return { kind: 'bypass', reason: 'store-failed' };
  }
  try {
    const view = await authority.open(context, plan.scopes, values);
    return await judge(core, read, view, values.get(storeKey) ?? null);
  } catch (error) {
    core.report(error, 'epoch');
    return { kind: 'bypass', reason: 'epoch-failed' };
  }
}

async function judge(
  core: EngineCore,
  { key }: PreparedRead,
  view: View,
  text: string | null,
): Promise<Found> {
  if (text === null) return { kind: 'miss', reason: 'absent', view };
  const entry = open(core, text, key);
  if (entry === null) return { kind: 'miss', reason: 'damaged', view };
  if (core.now() >= entry.staleUntilMs) return { kind: 'miss', reason: 'expired', view };
  const verdict = await view.check(entry.stamp, entry.times);
  if (verdict.kind === 'bypass') return verdict;
  if (verdict.kind === 'stale') {
    const reason = verdict.scope === undefined ? 'invalidated' : `invalidated by ${verdict.scope}`;
    return { kind: 'miss', reason, view };
  }
  const decoded = decode(core, entry);
  if (decoded === null) return { kind: 'miss', reason: 'damaged', view };
  return { kind: 'hit', entry, view, ...decoded };
}

/** What is no entry of this read is a miss, and told. */
function open(core: EngineCore, text: string, key: EntryKey): Entry | null {
  const entry = decodeEntry(text, key);
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

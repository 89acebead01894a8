import type { ReadTimes } from './authority.js';
import { parseNonce, type Nonce } from './nonce.js';

/** What a reader knows of an epoch: a nonce, that there is none, or nothing. */
export type KnownEpoch = Nonce | 'absent' | 'unreadable';

/** @param value - null where the store has no such key; undefined where it was not asked */
export function knownEpoch(value: string | null | undefined): KnownEpoch {
  if (value === undefined) return 'unreadable';
  return value === null ? 'absent' : (parseNonce(value) ?? 'unreadable');
}

/** What an entry captured: the text of a nonce, or null where the scope had never been bumped. */
export type CapturedEpoch = string | null;

/**
 * Whether an entry's data reflects everything that is known to have bumped a scope.
 *
 * The store may be behind this isolate's own bump (`own`), and the own bump may be behind what others put: the entry must
 * have captured one of the two, and reflect the other: by having captured it, by the other being surely older, or by a read of
 * the database that began surely later.
 *
 * @param marginMs - clocks of two machines differ by less than this
 */
export function reflects(
  captured: CapturedEpoch,
  stored: Nonce | 'absent',
  own: Nonce | undefined,
  times: ReadTimes,
  marginMs: number,
): boolean {
  const storedText = stored === 'absent' ? null : stored.text;
  if (own === undefined) return captured === storedText;
  if (captured === own.text) {
    if (stored === 'absent' || stored.text === own.text) return true;
    return surelyBefore(stored.timeMs, own.timeMs, marginMs) || readAfter(times, stored, marginMs);
  }
  if (captured !== storedText) return false;
  if (stored !== 'absent' && surelyBefore(own.timeMs, stored.timeMs, marginMs)) return true;
  return readAfter(times, own, marginMs);
}

/** Whether the database read surely began after the bump's write was committed. */
export function readAfter(times: ReadTimes, bump: Nonce, marginMs: number): boolean {
  return surelyBefore(bump.timeMs, times.startMs, marginMs);
}

/** The newer of what the store says and what this isolate bumped: what an entry captures. */
export function newerEpoch(stored: Nonce | 'absent', own: Nonce | undefined): Nonce | 'absent' {
  if (own === undefined) return stored;
  return stored === 'absent' || stored.timeMs < own.timeMs ? own : stored;
}

export function surelyBefore(earlierMs: number, laterMs: number, marginMs: number): boolean {
  return earlierMs + marginMs < laterMs;
}

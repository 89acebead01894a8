import type { Stamp } from './authority.js';
import type { CapturedEpoch } from './kv-known.js';
import type { SpacedKey } from './space.js';

/** Captured epochs by scope. */
export type Captured = ReadonlyMap<SpacedKey, CapturedEpoch>;

/** A random text that tells this fill from any other, then scope and epoch in turn; 0 stands for "never bumped". */
export function formatStamp(fillId: string, captured: Captured): Stamp {
  return [fillId, ...[...captured].flatMap(([key, epoch]) => [key, epoch ?? 0])];
}

/** Null when the stamp is none of this authority's. */
export function parseStamp(stamp: Stamp): Captured | null {
  if (typeof stamp[0] !== 'string' || stamp.length % 2 !== 1) return null;
  const captured = new Map<SpacedKey, CapturedEpoch>();
  for (let index = 1; index < stamp.length; index += 2) {
    const key = stamp[index];
    const epoch = stamp[index + 1];
    if (typeof key !== 'string' || (typeof epoch !== 'string' && epoch !== 0)) return null;
    captured.set(key, epoch === 0 ? null : epoch);
  }
  return captured;
}

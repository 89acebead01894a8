import type { EntryHead } from '../codec/entry.js';
import { randomFraction, type Random } from '../ports.js';

/** Larger: earlier. 1 is the paper's choice. */
const BETA = 1;
/** What `-ln` of the smallest chance comes to: `randomFraction` has 16 bits. */
const MOST_UNLIKELY: number = Math.log(65_536);

/**
 * Whether this reader reads an entry anew before it expires, so that not all readers of a popular one do at once when it has:
 * with a chance that grows towards the expiry, the earlier the longer the database takes.
 *
 * XFetch of A. Vattani, F. Chierichetti, K. Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", PVLDB 8 (2015):
 * `now − Δ · β · ln(random) ≥ expiry`, with Δ the time of the last database read.
 *
 * @see https://www.vldb.org/pvldb/vol8/p886-vattani.pdf
 */
export function expiresEarly(
  { times, freshUntilMs }: Pick<EntryHead, 'times' | 'freshUntilMs'>,
  nowMs: number,
  random: Random,
): boolean {
  // The clock may have stood still while the database was read.
  const deltaMs = Math.max(1, times.endMs - times.startMs);
  const leftMs = freshUntilMs - nowMs;
  // Nearly all hits are far from the end: they need no chance.
  if (leftMs > deltaMs * BETA * MOST_UNLIKELY) return false;
  return -Math.log(1 - randomFraction(random)) * deltaMs * BETA >= leftMs;
}

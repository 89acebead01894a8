import type { Harness } from './harness.js';
import { races } from './races.js';
import { reach } from './reach.js';
import { tiers } from './tiers.js';
import { time } from './time.js';
import { values } from './values.js';

/** Mistakes that caches are known to make, each by name: `docs/traps.md` lists them. */
export function traps(harness: Harness): void {
  reach(harness);
  races(harness);
  time(harness);
  tiers(harness);
  values(harness);
}

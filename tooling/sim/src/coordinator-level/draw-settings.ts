import type { Random } from '@boost-tooling/fuzz/random';
import { PLOTS } from './plots.ts';
import { drawEach, type Settings } from './settings.ts';

/** Drawn each by itself, or most of them as one of the plots has it. */
export function drawSettings(random: Random): Settings {
  const drawn = drawEach(random);
  return random.chance(0.5) ? { ...drawn, ...random.pick(Object.values(PLOTS)) } : drawn;
}

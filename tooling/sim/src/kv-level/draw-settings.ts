import type { Random } from '@boost-tooling/fuzz/random';
import { PLOTS } from './plots.ts';
import { NO_FAULTS, type Faults, type Settings } from './settings.ts';

/** Drawn each by itself, or most of them as one of the plots has it. */
export function drawSettings(random: Random): Settings {
  const drawn = drawEach(random);
  return random.chance(0.5) ? { ...drawn, ...random.pick(Object.values(PLOTS)) } : drawn;
}

function drawEach(random: Random): Settings {
  const isInstant = random.chance(0.3);
  return {
    granularity: random.pick(['model', 'row']),
    colos: random.pick([1, 1, 2, 3]),
    isolatesPerColo: random.pick([1, 1, 2]),
    users: random.int(2, 6),
    requestsPerUser: random.int(2, 6),
    queries: random.pick([1, 2, 4, 100]),
    writes: random.pick([0.05, 0.15, 0.3, 0.3]),
    items: random.pick([1, 1, 2, 4]),
    groups: random.pick([1, 1, 2, 3]),
    ttlSeconds: random.pick([60, 600, 86_400]),
    swrSeconds: random.pick([0, 0, 60, 3_600]),
    coloCacheMs: isInstant ? 0 : random.pick([0, 30_000, 60_000]),
    maxLagMs: isInstant ? 0 : random.pick([0, 2_000, 60_000, 400_000]),
    skewMs: random.pick([0, 0, 900]),
    thinkMs: random.pick([5, 50, 50, 1_000, 1_000, 20_000]),
    coalesceMs: random.pick([5_000, 30_000, 30_000, 100, 100]),
    isTwoTier: random.chance(0.3),
    transactions: random.pick(['interactive', 'none']),
    faults: drawFaults(random),
  };
}

/** Kinds of faults that come together. */
const THEMES: readonly (readonly (keyof Faults)[])[] = [
  [],
  ['slow'],
  ['kvTorn'],
  ['kvLost', 'cache'],
  ['kvRead', 'kvPut', 'cache'],
  ['refused', 'unknown', 'slow'],
  ['crash', 'slow', 'unknown'],
  Object.keys(NO_FAULTS) as (keyof Faults)[],
  Object.keys(NO_FAULTS) as (keyof Faults)[],
];

/** Some of one theme, rare or frequent. */
function drawFaults(random: Random): Faults {
  const chosen = random.sample(random.pick(THEMES), 1, 4);
  const drawn = chosen.map((kind) => [kind, random.pick([0.05, 0.3])]);
  return { ...NO_FAULTS, ...(Object.fromEntries(drawn) as Partial<Faults>) };
}

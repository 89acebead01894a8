import type { Granularity } from '@boost/core';
import type { Random } from '@boost-tooling/fuzz/random';
import { NO_KV_FAULTS, type KVFaults, type KVSettings } from '../kv.ts';
import type { CacheFaults } from '../colo-caches.ts';
import type { Extent } from '../operations.ts';

/** What can go wrong, each with the probability that it does for one call. */
export interface Faults extends KVFaults, CacheFaults {
  /** The database refuses a write. */
  readonly refused: number;
  /** The database's answer to a write is lost, before or after it has committed. */
  readonly unknown: number;
  /** A statement takes long. */
  readonly slow: number;
  /** A request, or a whole isolate, dies at any moment of its life. */
  readonly crash: number;
}

/** What one run is about; drawn from its seed. */
export interface Settings extends KVSettings, Extent {
  readonly granularity: Exclude<Granularity, 'field'>;
  readonly isolatesPerColo: number;
  readonly users: number;
  readonly requestsPerUser: number;
  /** How many of the queries are asked; all of them where there are fewer. */
  readonly queries: number;
  /** Share of the operations that write. */
  readonly writes: number;
  readonly ttlSeconds: number;
  readonly swrSeconds: number;
  /** Most that the clock of an isolate is off, in milliseconds; two of them differ by less than the margin of the protocol. */
  readonly skewMs: number;
  /** Mean time between two operations of a user, in milliseconds. */
  readonly thinkMs: number;
  /** Milliseconds that a read waits for another of the same. */
  readonly coalesceMs: number;
  /** Whether the cache of the data centre is in front of KV. */
  readonly isTwoTier: boolean;
  readonly transactions: 'interactive' | 'none';
  readonly faults: Faults;
}

const NO_FAULTS: Faults = {
  ...NO_KV_FAULTS,
  cache: 0,
  refused: 0,
  unknown: 0,
  slow: 0,
  crash: 0,
};

export function drawSettings(random: Random): Settings {
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

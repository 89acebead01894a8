import type { Consistency } from '@boost/core';
import type { Random } from '@boost-tooling/fuzz/random';
import type { CacheFaults } from '../colo-caches.ts';
import { NO_KV_FAULTS, type KVFaults, type KVSettings } from '../kv.ts';
import type { Extent } from '../operations.ts';
import { SCALED_DEADLINE_MS } from '../variants.ts';

/** What can go wrong with a Durable Object and the way to it, each with the probability that it does at one call. */
export interface ObjectFaults {
  /** It dies, before or after what it did was stored. */
  readonly objectCrash: number;
  /** It is put out of memory. */
  readonly evicted: number;
  /** Another instance takes its place, and some still talk to the old one. */
  readonly superseded: number;
  /** It refuses calls. */
  readonly overloaded: number;
  /** Storage refuses a write. */
  readonly storage: number;
  /** It is found with nothing stored. */
  readonly dataLoss: number;
  /** It is found as it was some time before. */
  readonly restored: number;
  /** The alarm comes late. */
  readonly alarmLate: number;
  /** A call or its answer is lost, and the caller hears of it or does not. */
  readonly rpcLost: number;
  /** A call or its answer takes seconds. */
  readonly rpcSlow: number;
  /** A call arrives twice. */
  readonly rpcTwice: number;
}

export interface Faults extends KVFaults, CacheFaults, ObjectFaults {
  /** The database refuses a write. */
  readonly refused: number;
  /** The database's answer to a write is lost, before or after it has committed, or will commit. */
  readonly unknown: number;
  /** A statement takes long. */
  readonly slow: number;
  /** A request, or a whole isolate, dies at any moment of its life. */
  readonly crash: number;
}

/** What one run is about; drawn from its seed. */
export interface Settings extends KVSettings, Extent {
  /** Limits as in production, or so low that they are reached. */
  readonly variant: 'current' | 'scaledDown';
  /** Whether some isolates run the next version of the packages. */
  readonly isMixed: boolean;
  readonly isolatesPerColo: number;
  /** Share of the requests for which a new isolate takes the place of one. */
  readonly recycles: number;
  /** How many objects answer readers, by deployment: each isolate runs one of them. */
  readonly shards: readonly number[];
  /** Version of the groups of models, by deployment; 0 is a deployment that has none. */
  readonly modelGroups: readonly number[];
  /** Whether the isolates of a data centre ask the same relay. */
  readonly sharesRelays: boolean;
  /** Most that the way between two objects takes, in milliseconds. */
  readonly betweenObjectsMs: number;
  /** Most operations of a request. */
  readonly operationsPerRequest: number;
  readonly users: number;
  readonly requestsPerUser: number;
  /** How many of the queries are asked; all of them where there are fewer. */
  readonly queries: number;
  /** Share of the operations that write. */
  readonly writes: number;
  /** Zero: the application has no tenants. Users without tenant are among the others. */
  readonly tenants: number;
  /** Whether groups belong to everybody. */
  readonly isShared: boolean;
  readonly usesStrong: boolean;
  readonly allowUnfenced: boolean | undefined;
  /** What reads ask for, each as often as its weight says. */
  readonly consistency: Readonly<Record<Consistency, number>>;
  readonly maxStalenessMs: number;
  /** Milliseconds for which a write is announced, and a new object quiet. */
  readonly deadlineMs: number;
  readonly rpcTimeoutMs: number;
  readonly ttlSeconds: number;
  readonly swrSeconds: number;
  /** Most that a clock is off, in milliseconds; two of them differ by less than the margin of the protocol. */
  readonly skewMs: number;
  /** Whether the clock of a request stands still until something arrives. */
  readonly isFrozen: boolean;
  /** Mean time between two operations of a user, in milliseconds. */
  readonly thinkMs: number;
  readonly coalesceMs: number;
  /** Whether the cache of the data centre is in front of KV. */
  readonly isTwoTier: boolean;
  /** Whether the database ends a statement before the deadline of its announcement. */
  readonly isLimited: boolean;
  readonly transactions: 'interactive' | 'none';
  /** Whether users come before the new objects let anything be cached. */
  readonly isCold: boolean;
  readonly hasSql: boolean;
  readonly faults: Faults;
  /** Whether requests were given their `ctx`. */
  readonly keepsAlive: boolean;
}

export const NO_OBJECT_FAULTS: ObjectFaults = {
  objectCrash: 0,
  evicted: 0,
  superseded: 0,
  overloaded: 0,
  storage: 0,
  dataLoss: 0,
  restored: 0,
  alarmLate: 0,
  rpcLost: 0,
  rpcSlow: 0,
  rpcTwice: 0,
};

export const NO_FAULTS: Faults = {
  ...NO_KV_FAULTS,
  cache: 0,
  ...NO_OBJECT_FAULTS,
  refused: 0,
  unknown: 0,
  slow: 0,
  crash: 0,
};

export function drawEach(random: Random): Settings {
  const items = random.pick([1, 1, 2, 4]);
  const variant = random.pick(['current', 'scaledDown'] as const);
  return {
    variant,
    isMixed: random.chance(0.2),
    colos: random.pick([1, 1, 2, 3]),
    isolatesPerColo: random.pick([1, 1, 2]),
    recycles: random.pick([0, 0, 0.2]),
    shards: random.pick([[1], [1], [2], [1, 2], [2, 3], [1, 4, 2]]),
    sharesRelays: random.chance(0.5),
    betweenObjectsMs: random.pick([0, 40, 200]),
    operationsPerRequest: random.pick([8, 8, 2, 1]),
    users: random.int(2, 5),
    requestsPerUser: random.int(2, 8),
    queries: random.pick([1, 2, 4, 100]),
    writes: random.pick([0.1, 0.25, 0.25, 0.5]),
    items,
    groups: random.pick([1, 1, 2]),
    tenants: random.pick([0, 0, 1, 2]),
    isShared: random.chance(0.4),
    usesStrong: random.chance(0.65),
    allowUnfenced: random.chance(0.8) ? undefined : random.chance(0.5),
    consistency: random.pick([
      { strong: 1, session: 0, eventual: 0 },
      { strong: 0, session: 1, eventual: 0 },
      { strong: 1, session: 1, eventual: 0 },
      { strong: 2, session: 2, eventual: 1 },
    ]),
    maxStalenessMs: random.pick([0, 300, 5_000]),
    deadlineMs: variant === 'current' ? 30_000 : SCALED_DEADLINE_MS,
    rpcTimeoutMs: variant === 'current' ? random.pick([300, 2_000]) : 300,
    ttlSeconds: random.pick([60, 600, 86_400]),
    swrSeconds: random.pick([0, 0, 60, 3_600]),
    coloCacheMs: random.pick([0, 0, 30_000]),
    maxLagMs: random.pick([0, 0, 2_000, 60_000]),
    skewMs: random.pick([0, 0, 450]),
    isFrozen: random.chance(0.3),
    thinkMs: random.pick([5, 50, 50, 1_000, 1_000, 10_000]),
    coalesceMs: random.pick([5_000, 30_000, 100]),
    transactions: random.pick(['interactive', 'none']),
    isTwoTier: random.chance(0.4),
    isLimited: random.chance(0.9),
    isCold: random.chance(0.15),
    hasSql: random.chance(0.7),
    faults: drawFaults(random),
    keepsAlive: random.chance(0.6),
    modelGroups: random.pick([[0], [0], [1], [2], [0, 1], [1, 2], [0, 3, 2]]),
  };
}

/** Kinds of faults that come together. */
const THEMES: readonly (readonly (keyof Faults)[])[] = [
  [],
  ['kvRead', 'kvPut', 'kvLost', 'kvTorn'],
  ['cache', 'evicted', 'kvTorn'],
  ['refused', 'unknown', 'slow'],
  ['crash', 'slow', 'unknown'],
  ['crash', 'objectCrash', 'alarmLate'],
  ['objectCrash', 'evicted', 'storage', 'slow'],
  ['superseded', 'rpcSlow'],
  ['superseded'],
  ['dataLoss', 'slow'],
  ['dataLoss', 'slow', 'unknown'],
  ['dataLoss', 'crash'],
  ['refused', 'evicted', 'objectCrash'],
  ['restored', 'objectCrash', 'evicted'],
  ['rpcLost'],
  ['rpcLost', 'overloaded', 'crash'],
  ['rpcLost', 'rpcTwice', 'rpcSlow', 'objectCrash'],
  Object.keys(NO_FAULTS) as (keyof Faults)[],
];

/** Some of one theme, rare or frequent. */
function drawFaults(random: Random): Faults {
  const chosen = random.sample(random.pick(THEMES), 1, 5);
  const drawn = chosen.map((kind) => [kind, random.pick([0.05, 0.15, 0.3])]);
  return { ...NO_FAULTS, ...(Object.fromEntries(drawn) as Partial<Faults>) };
}

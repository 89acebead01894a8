import type { Consistency } from '@boost/core';
import type { Random } from '@boost-tooling/fuzz/random';
import { NO_KV_FAULTS, type KVFaults, type KVSettings } from '../kv.ts';
import type { Extent } from '../operations.ts';

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

export interface Faults extends KVFaults, ObjectFaults {
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
  readonly users: number;
  readonly requestsPerUser: number;
  /** Zero: the application has no tenants. Users without tenant are among the others. */
  readonly tenants: number;
  /** Whether groups belong to everybody. */
  readonly isShared: boolean;
  readonly usesStrong: boolean;
  readonly allowUnfenced: boolean | undefined;
  /** What reads ask for, each as often as its weight says. */
  readonly consistency: Readonly<Record<Consistency, number>>;
  readonly maxStalenessMs: number;
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
  readonly transactions: 'interactive' | 'none';
  /** Whether users come before the new objects let anything be cached. */
  readonly isCold: boolean;
  readonly hasSql: boolean;
  readonly faults: Faults;
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

const NO_FAULTS: Faults = {
  ...NO_KV_FAULTS,
  ...NO_OBJECT_FAULTS,
  refused: 0,
  unknown: 0,
  slow: 0,
  crash: 0,
};

export function drawSettings(random: Random): Settings {
  const items = random.pick([1, 1, 2, 4]);
  return {
    variant: random.pick(['current', 'scaledDown']),
    isMixed: random.chance(0.2),
    colos: random.pick([1, 1, 2, 3]),
    isolatesPerColo: random.pick([1, 1, 2]),
    users: random.int(2, 5),
    requestsPerUser: random.int(2, 8),
    items,
    groups: random.pick([1, 1, 2]),
    tenants: random.pick([0, 0, 1, 2]),
    isShared: random.chance(0.4),
    usesStrong: random.chance(0.7),
    allowUnfenced: random.chance(0.8) ? undefined : random.chance(0.5),
    consistency: random.pick([
      { strong: 1, session: 0, eventual: 0 },
      { strong: 0, session: 1, eventual: 0 },
      { strong: 1, session: 1, eventual: 0 },
      { strong: 2, session: 2, eventual: 1 },
    ]),
    maxStalenessMs: random.pick([0, 300, 5_000]),
    rpcTimeoutMs: random.pick([300, 2_000]),
    ttlSeconds: random.pick([60, 600, 86_400]),
    swrSeconds: random.pick([0, 0, 60, 3_600]),
    coloCacheMs: random.pick([0, 0, 30_000]),
    maxLagMs: random.pick([0, 0, 2_000, 60_000]),
    skewMs: random.pick([0, 0, 450]),
    isFrozen: random.chance(0.3),
    thinkMs: random.pick([5, 50, 50, 1_000, 1_000, 10_000]),
    coalesceMs: random.pick([5_000, 30_000, 100]),
    transactions: random.pick(['interactive', 'none']),
    isCold: random.chance(0.15),
    hasSql: random.chance(0.7),
    faults: drawFaults(random),
  };
}

/** None, one kind alone, or several together. */
function drawFaults(random: Random): Faults {
  const kinds = Object.keys(NO_FAULTS) as (keyof Faults)[];
  const chosen = random.chance(0.15) ? [] : random.sample(kinds, 1, 5);
  const drawn = chosen.map((kind) => [kind, random.pick([0.03, 0.1, 0.3])]);
  return { ...NO_FAULTS, ...(Object.fromEntries(drawn) as Partial<Faults>) };
}

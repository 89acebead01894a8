import type { Granularity } from '@boost/core';
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

export const NO_FAULTS: Faults = {
  ...NO_KV_FAULTS,
  cache: 0,
  refused: 0,
  unknown: 0,
  slow: 0,
  crash: 0,
};

/** A write of a value that no other write has, or a read that returned it. */
export interface RegisterOperation {
  readonly kind: 'read' | 'write';
  readonly value: string;
  /** When it was asked for, and when it was answered; never, of a write that nobody heard of again. */
  readonly startMs: number;
  readonly endMs: number;
}

/** A value that was written, and everything that tells when it was there. */
interface Cluster {
  readonly value: string;
  writeStartMs: number;
  /** The first answer, and the last question: the value was there from one to the other. */
  firstEndMs: number;
  lastStartMs: number;
  earliestReadEndMs: number;
}

/**
 * Whether the operations of one register can be put in an order that agrees with real time and in which every read returns what was
 * written last: linearizability, decided by zones, which takes n log n where each value is written once. Registers can be
 * looked at one by one (Herlihy & Wing: it is a local property).
 *
 * A cluster is forward when it was answered before it was last asked for: then the value was certainly there in between. No two such
 * zones may overlap, and none may have a backward zone within it.
 *
 * @returns what contradicts it, undefined for a linearizable history
 * @see P. B. Gibbons, E. Korach, Testing Shared Memories, SIAM Journal on Computing 26(4), 1997, section 4
 */
export function contradiction(operations: readonly RegisterOperation[]): string | undefined {
  const clusters = clustered(operations);
  const forward: Cluster[] = [];
  const backward: Cluster[] = [];
  for (const cluster of clusters) {
    if (cluster.earliestReadEndMs < cluster.writeStartMs) {
      return `${cluster.value} is read before it is written`;
    }
    (cluster.firstEndMs < cluster.lastStartMs ? forward : backward).push(cluster);
  }
  forward.sort((a, b) => a.firstEndMs - b.firstEndMs);
  for (const [index, later] of forward.entries()) {
    const earlier = forward[index - 1];
    if (earlier !== undefined && later.firstEndMs < earlier.lastStartMs) {
      return `${earlier.value} is read after ${later.value} was there, and ${later.value} after ${earlier.value}`;
    }
  }
  for (const { value, firstEndMs, lastStartMs } of backward) {
    const around = forward.find(
      (zone) => zone.firstEndMs < lastStartMs && firstEndMs < zone.lastStartMs,
    );
    if (around !== undefined) return `${value} was there while ${around.value} was`;
  }
  return undefined;
}

function clustered(operations: readonly RegisterOperation[]): Iterable<Cluster> {
  const clusters = new Map<string, Cluster>();
  for (const { kind, value, startMs, endMs } of operations) {
    const cluster = clusters.get(value) ?? {
      value,
      writeStartMs: Number.NEGATIVE_INFINITY,
      firstEndMs: Number.POSITIVE_INFINITY,
      lastStartMs: Number.NEGATIVE_INFINITY,
      earliestReadEndMs: Number.POSITIVE_INFINITY,
    };
    clusters.set(value, cluster);
    if (kind === 'write') cluster.writeStartMs = startMs;
    else cluster.earliestReadEndMs = Math.min(cluster.earliestReadEndMs, endMs);
    cluster.firstEndMs = Math.min(cluster.firstEndMs, endMs);
    cluster.lastStartMs = Math.max(cluster.lastStartMs, startMs);
  }
  return clusters.values();
}

import type { Granularity } from '@boost/core';

/** What one view would have done with the traffic of a run. */
export interface ViewCounts {
  /** Reads that a cache of this view could have answered: nothing that they depend on was bumped. */
  hits: number;
  /** Reads whose entry was invalidated by the write before. */
  invalidated: number;
  /** Of these, how many had really changed. */
  changed: number;
}

/** What one session has contributed to a run. */
export interface SessionCount {
  readonly schema: string;
  /** The database; for a client also its authority and granularity. */
  readonly where: string;
  readonly ops: number;
  readonly compared: number;
}

/** What a cache that only lets entries expire would have done with the same traffic. */
export interface ExpiryCounts {
  hits: number;
  misses: number;
  /** Hits that were wrong. */
  stale: number;
}

/** Counted over a whole run. */
export class Metrics {
  writes = 0;
  failedWrites = 0;
  /** Reads that were asked again after a write and compared. */
  reads = 0;
  /** Reads that no table change concerned: known to be the same without asking. */
  untouched = 0;
  probes = 0;
  /** Reads whose result a write has really changed: what an oracle cache would drop. */
  changed = 0;
  sessions = 0;
  /** Worked-out results that were not confirmed: the fault of the working out. */
  unconfirmed = 0;
  /** Plans that asked otherwise than the leading one, so that their bumps are not known. */
  unknown = 0;
  readonly views: Map<Granularity, ViewCounts> = new Map();
  readonly expiry: ExpiryCounts = { hits: 0, misses: 0, stale: 0 };

  of(granularity: Granularity): ViewCounts {
    let counts = this.views.get(granularity);
    if (counts === undefined) {
      counts = { hits: 0, invalidated: 0, changed: 0 };
      this.views.set(granularity, counts);
    }
    return counts;
  }

  /** A pooled read was asked again. @param hit - something that it depends on was bumped */
  count(granularity: Granularity, hit: boolean, same: boolean): void {
    const counts = this.of(granularity);
    if (!hit) counts.hits += 1;
    else {
      counts.invalidated += 1;
      if (!same) counts.changed += 1;
    }
  }

  countExpiry(answer: 'hit' | 'stale' | 'miss'): void {
    if (answer === 'miss') this.expiry.misses += 1;
    else this.expiry.hits += 1;
    if (answer === 'stale') this.expiry.stale += 1;
  }

  get ops(): number {
    return this.writes + this.reads + this.untouched;
  }

  /** Reads whose result was at hand, asked or worked out, and compared. */
  get compared(): number {
    return this.reads + this.probes;
  }

  describe(): string {
    const { writes, reads, untouched, probes, sessions } = this;
    return `${String(sessions)} databases  ${String(writes)} writes  ${String(reads + untouched)} reads (${String(reads)} asked again, ${String(probes)} worked out)`;
  }
}

/** Counted over a whole run of cached clients. */
export class CacheMetrics {
  sessions = 0;
  writes = 0;
  /** Reads that were compared with the database's answer. */
  reads = 0;
  /** By what the engine said of the read. */
  readonly statuses: Map<string, number> = new Map();

  get hits(): number {
    return [...this.statuses].reduce(
      (sum, [status, count]) =>
        status.startsWith('hit') || status === 'stale' ? sum + count : sum,
      0,
    );
  }

  get ops(): number {
    return this.writes + this.reads;
  }

  describe(): string {
    const { writes, reads, hits, sessions } = this;
    return `${String(sessions)} databases  ${String(writes)} writes  ${String(reads)} reads, ${String(hits)} from the cache`;
  }
}

/**
 * Both modes in one, flat and named as the other tools of the repository report.
 *
 * - `fuzz.ops`: writes and reads; `fuzz.ops.<schema>` of each schema
 * - `fuzz.reads`: reads of cached clients that were compared, and reads that planners were asked about after a write
 * - `fuzz.compared`: of these, those whose result was at hand, asked or worked out, with `fuzz.compared.<where>`
 * - `fuzz.hits`: answered from the cache of a client
 * - `fuzz.precision.*`: of the entries that were invalidated, how many had really changed; `fuzz.precision` is `field`'s
 * - `fuzz.hit_ratio.*`: of the same reads, how many a cache would have answered: ours at each granularity (`model`: model-level),
 *   one that drops exactly what changed (`oracle`), one that only lets entries expire (`ttl`), which is wrong in
 *   `fuzz.stale_ratio.ttl` of its answers; `client` is what cached clients really answered
 */
export function reportOf(
  law: Metrics,
  cache: CacheMetrics,
  sessions: readonly SessionCount[],
): Record<string, number> {
  const asked = law.reads + law.untouched;
  const { hits, misses, stale } = law.expiry;
  const out: Record<string, number> = {
    'fuzz.ops': law.ops + cache.ops,
    'fuzz.writes': law.writes + cache.writes,
    'fuzz.reads': asked + cache.reads,
    'fuzz.compared': law.compared + cache.reads,
    'fuzz.hits': cache.hits,
    'fuzz.unconfirmed': law.unconfirmed,
  };
  if (cache.reads > 0) out['fuzz.hit_ratio.client'] = ratio(cache.hits, cache.reads);
  if (asked > 0) {
    out['fuzz.hit_ratio.oracle'] = ratio(asked - law.changed, asked);
    out['fuzz.hit_ratio.ttl'] = ratio(hits, hits + misses);
    out['fuzz.stale_ratio.ttl'] = ratio(stale, hits);
  }
  for (const [granularity, counts] of law.views) {
    out[`fuzz.hit_ratio.${granularity}`] = ratio(counts.hits, counts.hits + counts.invalidated);
    out[`fuzz.precision.${granularity}`] = ratio(counts.changed, counts.invalidated);
  }
  const precise = law.views.get('field');
  if (precise !== undefined) out['fuzz.precision'] = ratio(precise.changed, precise.invalidated);
  for (const { schema, where, ops, compared } of sessions) {
    out[`fuzz.ops.${schema}`] = (out[`fuzz.ops.${schema}`] ?? 0) + ops;
    out[`fuzz.compared.${where}`] = (out[`fuzz.compared.${where}`] ?? 0) + compared;
  }
  return out;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 1 : Math.round((part / whole) * 10_000) / 10_000;
}

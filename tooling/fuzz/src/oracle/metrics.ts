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

  /** Flat and named, as the other tools of the repository report. */
  toJSON(): Record<string, number> {
    const requests = this.reads + this.untouched;
    const ratio = (part: number, whole: number): number =>
      whole === 0 ? 1 : Math.round((part / whole) * 10_000) / 10_000;
    const out: Record<string, number> = {
      'fuzz.ops': this.writes + requests,
      'fuzz.writes': this.writes,
      'fuzz.reads': requests,
      'fuzz.compared': this.reads + this.probes,
      'fuzz.probes': this.probes,
      'fuzz.unconfirmed': this.unconfirmed,
      'fuzz.hit_ratio.oracle': ratio(requests - this.changed, requests),
      'fuzz.hit_ratio.ttl': 1,
      'fuzz.stale_under_ttl': this.changed,
    };
    for (const [granularity, { hits, invalidated, changed }] of this.views) {
      out[`fuzz.hit_ratio.${granularity}`] = ratio(hits, hits + invalidated);
      out[`fuzz.precision.${granularity}`] = ratio(changed, invalidated);
    }
    return out;
  }
}

import type { ReadEvent } from '@boost/core';
import { ALL, READS, READS_BLOBS, READS_KIND } from './layout.js';
import { fitted, type Row } from './row.js';

const COLUMNS = 20;
const MAXIMA: ReadonlySet<number> = new Set([READS.slowestMs]);

const BY_STATUS = {
  'hit-memory': READS.hitsMemory,
  'hit-l1': READS.hitsL1,
  'hit-l2': READS.hitsL2,
  stale: READS.stale,
  miss: READS.misses,
  bypass: READS.bypasses,
} as const;

const ASKED = new Set([
  ...['strategy', 'ttl', 'disabled', 'model', 'no-tenant', 'inner-extension'],
  ...['unknown-model', 'undefined-argument', 'computed-fields'],
]);
const FAILED = new Set(['store-failed', 'epoch-failed', 'circuit-open', 'no-sync']);

/** The reads of a request, counted by model and tenant. */
export class ReadRows {
  readonly #rows = new Map<string, Row>();

  get size(): number {
    return this.#rows.size;
  }

  add(event: ReadEvent): void {
    const { model, tenant, status, reason, databaseMs, size } = event;
    const row = this.#row(model, tenant ?? '');
    const { doubles } = row;
    row.events += 1;
    count(doubles, BY_STATUS[status], 1);
    if (event.coalesced) count(doubles, READS.coalesced, 1);
    if (status !== 'miss' && status !== 'bypass') {
      count(doubles, READS.databaseSavedMs, databaseMs);
      count(doubles, READS.sizeFromCache, size);
      return;
    }
    // Who joined waited for the same query, or was spared one.
    const column = event.coalesced ? READS.databaseSavedMs : READS.databaseSpentMs;
    count(doubles, column, databaseMs);
    count(doubles, READS.sizeFromDatabase, size);
    if (databaseMs >= (doubles[READS.slowestMs - 1] ?? 0)) {
      doubles[READS.slowestMs - 1] = databaseMs;
      row.blobs[READS_BLOBS.slowestAction - 1] = event.action;
    }
    const because = status === 'miss' ? missColumn(reason) : bypassColumn(reason);
    if (because !== undefined) count(doubles, because, 1);
    if (event.isNeedless) count(doubles, READS.needless, 1);
    if (status === 'bypass') row.blobs[READS_BLOBS.bypassReason - 1] = reason ?? '';
  }

  /** At most `most` rows. */
  take(most: number): Row[] {
    const rows = [...this.#rows.values()];
    this.#rows.clear();
    return fitted(rows, most, MAXIMA, (row) => ({
      ...row,
      index: ALL,
      blobs: [READS_KIND, '', '', ''],
      doubles: [...row.doubles],
    }));
  }

  #row(model: string, tenant: string): Row {
    // Model names have no space.
    const key = tenant === '' ? model : `${model} ${tenant}`;
    let row = this.#rows.get(key);
    if (row === undefined) {
      const blobs = [READS_KIND, tenant, '', ''];
      const doubles = new Array<number>(COLUMNS).fill(0);
      row = { index: model, blobs, doubles, coarseKey: model, events: 0 };
      this.#rows.set(key, row);
    }
    return row;
  }
}

function count(doubles: number[], column: number, by: number): void {
  doubles[column - 1] = (doubles[column - 1] ?? 0) + by;
}

function missColumn(reason: string | undefined): number | undefined {
  if (reason === undefined) return undefined;
  if (reason.startsWith('invalidated')) return READS.missesInvalidated;
  return reason === 'expired' ? READS.missesExpired : READS.missesAbsent;
}

function bypassColumn(reason = ''): number | undefined {
  if (reason === 'transaction') return READS.bypassesTransaction;
  if (reason === 'budget') return READS.bypassesBudget;
  if (ASKED.has(reason)) return READS.bypassesAsked;
  return FAILED.has(reason) ? READS.bypassesFailed : undefined;
}

import {
  INVALIDATION,
  INVALIDATION_BLOBS,
  PAIR_KIND,
  READS,
  READS_BLOBS,
  READS_KIND,
  STORE,
  STORE_KIND,
  WRITE_KIND,
} from '@boost/analytics';
import type { Counted } from './events-file.js';
import type { ReportRow } from './section.js';

/** The queries of `@boost/analytics`, on data points of a file: the same columns, figures and order. */

type Rows = readonly Counted[];

const HITS = [READS.hitsMemory, READS.hitsL1, READS.hitsL2, READS.stale] as const;
const ALL_READS = [...HITS, READS.misses, READS.bypasses] as const;
const LIMIT = 20;
const MINUTE_MS = 60_000;
const DAY_SECONDS = 86_400;

export function hitRates(all: Rows): readonly ReportRow[] {
  const models = grouped(ofKind(all, READS_KIND), (row) => row.index).map(([model, rows]) => {
    const [hits, misses] = [sum(rows, ...HITS), sum(rows, READS.misses)];
    return {
      ...{ model, hits, misses, bypasses: sum(rows, READS.bypasses) },
      hit_rate_pct: hits + misses > 0 ? percent(hits, hits + misses) : 0,
      saved_ms: sum(rows, READS.databaseSavedMs),
    };
  });
  return models.sort((a, b) => b.hits + b.misses - a.hits - a.misses || order(a.model, b.model));
}

export function slowestMisses(all: Rows): readonly ReportRow[] {
  const models = grouped(ofKind(all, READS_KIND), (row) => row.index).map(([model, rows]) => {
    const slowest = rows.reduce((a, b) =>
      b.double(READS.slowestMs) > a.double(READS.slowestMs) ? b : a,
    );
    return {
      ...{ model, action: slowest.blob(READS_BLOBS.slowestAction) },
      slowest_ms: slowest.double(READS.slowestMs),
      spent_ms: sum(rows, READS.databaseSpentMs),
      misses: sum(rows, READS.misses),
    };
  });
  return most(
    models.filter(({ misses }) => misses > 0),
    'slowest_ms',
    'model',
  );
}

export function needless(all: Rows): readonly ReportRow[] {
  const models = grouped(ofKind(all, READS_KIND), (row) => row.index).map(([model, rows]) => {
    const invalidated = sum(rows, READS.missesInvalidated);
    const count = sum(rows, READS.needless);
    return { model, invalidated, needless: count, needless_pct: percent(count, invalidated) };
  });
  return most(
    models.filter(({ invalidated }) => invalidated > 0),
    'needless',
    'model',
  );
}

export function hotTenants(all: Rows, days: number): readonly ReportRow[] {
  const tenants = grouped(ofTenants(all), tenantOf).map(([tenant, rows]) => {
    const reads = sum(rows, ...ALL_READS);
    const perSecond = rounded(reads / (days * DAY_SECONDS), 3);
    return { tenant, reads, reads_per_second: perSecond, misses: sum(rows, READS.misses) };
  });
  return most(tenants, 'reads', 'tenant');
}

export function tenantPeaks(all: Rows): readonly ReportRow[] {
  const tenants = grouped(ofTenants(all), tenantOf).map(([tenant, rows]) => {
    const minutes = grouped(rows, (row) => String(Math.floor(row.timestampMs / MINUTE_MS)));
    const reads = minutes.map(([, minute]) => sum(minute, ...ALL_READS));
    return { tenant, peak_reads_per_second: rounded(Math.max(...reads) / 60, 3) };
  });
  return most(tenants, 'peak_reads_per_second', 'tenant');
}

export function storeCostByDay(all: Rows): readonly ReportRow[] {
  return byDay(ofKind(all, STORE_KIND), (rows) => ({
    cost_usd: sum(rows, STORE.costUsd),
    reads: sum(rows, STORE.reads),
    writes: sum(rows, STORE.writes),
  }));
}

export function invalidationCosts(all: Rows): readonly ReportRow[] {
  return byDay(ofKind(all, WRITE_KIND), (rows) => ({
    total_cost_usd: sum(rows, INVALIDATION.costUsd),
    rows_deleted: sum(rows, INVALIDATION.deleted),
    list_ops: sum(rows, INVALIDATION.lists),
  }));
}

export function budgetExceeded(all: Rows): readonly ReportRow[] {
  const models = grouped(ofKind(all, WRITE_KIND), (row) => row.index).map(([model, rows]) => {
    const [exceeded, total] = [
      sum(rows, INVALIDATION.exceeded),
      sum(rows, INVALIDATION.invalidations),
    ];
    return { model, exceeded, total, exceeded_pct: percent(exceeded, total) };
  });
  const often = models.filter(({ exceeded_pct: share }) => share > 5);
  return most(often, 'exceeded_pct', 'model', Infinity);
}

export function affinity(all: Rows): readonly ReportRow[] {
  const { mutatedModel, targetModel } = INVALIDATION_BLOBS;
  const pairs = grouped(ofKind(all, PAIR_KIND), (row) =>
    JSON.stringify([row.blob(mutatedModel), row.blob(targetModel)]),
  ).map(([pair, rows]) => {
    const [mutated = '', target = ''] = JSON.parse(pair) as string[];
    return { mutated, target, invalidations: sum(rows, INVALIDATION.invalidations) };
  });
  const sorted = pairs.sort((a, b) => order(a.mutated, b.mutated) || order(a.target, b.target));
  return sorted.sort((a, b) => b.invalidations - a.invalidations);
}

function ofKind(rows: Rows, kind: string): Rows {
  return rows.filter((row) => row.blob(1) === kind);
}

function tenantOf(row: Counted): string {
  return row.blob(READS_BLOBS.tenant);
}

function ofTenants(rows: Rows): Rows {
  return ofKind(rows, READS_KIND).filter((row) => tenantOf(row) !== '');
}

function grouped(rows: Rows, keyOf: (row: Counted) => string): (readonly [string, Rows])[] {
  const groups = new Map<string, Counted[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return [...groups];
}

function byDay(rows: Rows, figures: (rows: Rows) => ReportRow): readonly ReportRow[] {
  const days = grouped(rows, (row) => new Date(row.timestampMs).toISOString().slice(0, 10));
  return days
    .sort(([a], [b]) => order(b, a))
    .map(([day, ofDay]): ReportRow => ({ day, ...figures(ofDay) }));
}

function most<Row extends ReportRow>(
  rows: Row[],
  figure: keyof Row & string,
  name: keyof Row & string,
  limit: number = LIMIT,
): readonly ReportRow[] {
  return rows
    .sort(
      (a, b) => Number(b[figure]) - Number(a[figure]) || order(String(a[name]), String(b[name])),
    )
    .slice(0, limit);
}

function sum(rows: Rows, ...columns: readonly number[]): number {
  const of = (row: Counted): number =>
    columns.reduce((total, column) => total + row.double(column), 0);
  return rows.reduce((total, row) => total + row.weight * of(row), 0);
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : rounded((part * 100) / whole, 1);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

import type { ModelCaps } from '@boost/core';
import { numberIn, textIn, type SqlRow } from './sql/sql-api.js';

/** What the invalidations of one model took on one day: a row of `capSamples`. */
export interface DaySample {
  readonly model: string;
  /** `2026-11-23`. */
  readonly day: string;
  readonly samples: number;
  readonly rowsP95: number;
  readonly listsP95: number;
  readonly deletesP95: number;
  /** Share of them that met a cap or a budget, in percent. */
  readonly exceededPct: number;
}

export interface DerivedCaps {
  readonly caps: Readonly<Record<string, ModelCaps>>;
  /** One sentence per model that has caps, and per model that has too few samples for any. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** Steps between the bounds. A cap moves by one of them a day; the last is the most that any tier allows, and is not written. */
export const CAP_STEPS = {
  maxRows: [25, 50, 100, 150, 300, 600],
  maxLists: [1, 2, 3, 6],
  maxDeletes: [25, 50, 150, 300, 600],
} as const;

/** A day with fewer says nothing. */
export const MIN_SAMPLES = 20;
/** Of such days. */
export const MIN_DAYS = 3;
/** Days of which the median counts: a single one, however bad, moves nothing. */
const SMOOTHED_DAYS = 3;
/** How much more than the 95th percentile a cap leaves room for. */
const HEADROOM = 1.5;
/** A cap falls only where what is wanted is clearly below the next step. */
const HYSTERESIS = 0.8;
/** Percent of a model's invalidations that meet a cap, from which on it is raised. */
const RAISE_PCT = 5;
/** From which on, with the caps at their upper bounds, deleting is given up. */
const GIVE_UP_PCT = 20;

const MEASURES = [
  ['maxRows', 'rowsP95'],
  ['maxLists', 'listsP95'],
  ['maxDeletes', 'deletesP95'],
] as const;

/** @throws BoostError `BOOST_ANALYTICS_FAILED` where a row is not one of `capSamples` */
export function daySample(row: SqlRow): DaySample {
  return {
    model: textIn(row, 'model'),
    day: textIn(row, 'day'),
    samples: numberIn(row, 'samples'),
    rowsP95: numberIn(row, 'rows_p95'),
    listsP95: numberIn(row, 'lists_p95'),
    deletesP95: numberIn(row, 'deletes_p95'),
    exceededPct: numberIn(row, 'exceeded_pct'),
  };
}

/**
 * Caps by model, from whole days alone: the same samples give the same caps, whatever the caps were before. Day after day a cap
 * follows the median of the last three days' 95th percentiles, by one step and with hysteresis, from the upper bound down.
 *
 * @param samples - in any order
 * @param today - `2026-11-23`: a day that is not over does not count
 */
export function deriveCaps(samples: readonly DaySample[], today: string): DerivedCaps {
  const caps: Record<string, ModelCaps> = {};
  const reasons: Record<string, string> = {};
  for (const model of [...new Set(samples.map((sample) => sample.model))].sort()) {
    const days = samples
      .filter((sample) => sample.model === model && sample.day < today)
      .filter((sample) => sample.samples >= MIN_SAMPLES)
      .sort((a, b) => (a.day < b.day ? -1 : 1));
    if (days.length < MIN_DAYS) {
      reasons[model] =
        `${String(days.length)} days with ${String(MIN_SAMPLES)} invalidations or more: ${String(MIN_DAYS)} are needed`;
      continue;
    }
    const found = capsOf(days);
    if (Object.keys(found).length > 0) caps[model] = found;
    reasons[model] = reasonOf(days);
  }
  return { caps, reasons };
}

function capsOf(days: readonly DaySample[]): ModelCaps {
  const caps: { maxRows?: number; maxLists?: number; maxDeletes?: number; strategy?: 'epoch' } = {};
  for (const [name, measure] of MEASURES) {
    const steps: readonly number[] = CAP_STEPS[name];
    const step = lastStep(steps, days, measure);
    const cap = steps[step];
    if (cap !== undefined && step < steps.length - 1) caps[name] = cap;
  }
  const isAtBounds = caps.maxLists === undefined && caps.maxDeletes === undefined;
  const exceeded = smoothed(days, days.length - 1, 'exceededPct');
  const deletes = smoothed(days, days.length - 1, 'deletesP95');
  if (isAtBounds && deletes > 0 && exceeded >= GIVE_UP_PCT) caps.strategy = 'epoch';
  return caps;
}

/** The step of a cap after the last day. */
function lastStep(
  steps: readonly number[],
  days: readonly DaySample[],
  measure: 'rowsP95' | 'listsP95' | 'deletesP95',
): number {
  let at = steps.length - 1;
  for (let day = SMOOTHED_DAYS - 1; day < days.length; day++) {
    const wanted = smoothed(days, day, measure) * HEADROOM;
    const isExceeded = smoothed(days, day, 'exceededPct') > RAISE_PCT;
    const lower = steps[at - 1];
    if (isExceeded || wanted > (steps[at] ?? 0)) at = Math.min(steps.length - 1, at + 1);
    else if (lower !== undefined && wanted <= lower * HYSTERESIS) at -= 1;
  }
  return at;
}

type Measure = (typeof MEASURES)[number][1] | 'exceededPct';

/** Median of the days that end with this one. */
function smoothed(days: readonly DaySample[], last: number, measure: Measure): number {
  const values = days
    .slice(Math.max(0, last - SMOOTHED_DAYS + 1), last + 1)
    .map((day) => day[measure])
    .sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? 0;
}

function reasonOf(days: readonly DaySample[]): string {
  const samples = days.reduce((sum, day) => sum + day.samples, 0);
  const last = days.length - 1;
  const [rows, lists, deletes] = MEASURES.map(([, measure]) => smoothed(days, last, measure));
  return `of ${String(samples)} invalidations in ${String(days.length)} days, 95 % took at most ${String(rows)} rows, ${String(lists)} lists, ${String(deletes)} deletes lately; ${String(smoothed(days, last, 'exceededPct'))} % met a cap`;
}

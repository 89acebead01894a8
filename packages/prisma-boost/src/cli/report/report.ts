import {
  INVALIDATIONS_DATASET,
  numberIn,
  PERFORMANCE_DATASET,
  recommendedShards,
  textIn,
  type SqlApi,
} from '@boost/analytics';
import type { Counted } from './events-file.js';
import { SECTIONS, type ReportRow, type Section } from './section.js';

/** The rows of all sections, by their names. */
export type Report = Readonly<Record<string, readonly ReportRow[]>>;

export interface Datasets {
  readonly performance: string;
  readonly invalidations: string;
}

export const DATASETS: Datasets = {
  performance: PERFORMANCE_DATASET,
  invalidations: INVALIDATIONS_DATASET,
};

const DAY_MS = 86_400_000;

/** @throws BoostError `BOOST_ANALYTICS_FAILED`; `BOOST_OPTION_INVALID` of days and names */
export async function reportOf(
  api: SqlApi,
  datasets: Datasets,
  days: number | undefined,
): Promise<Report> {
  const asked = await Promise.all(
    SECTIONS.map(async (section) => {
      const options = { dataset: datasets[section.dataset], days: days ?? section.days };
      const rows = await api.query(section.sql(options));
      const typed = rows.map((row) =>
        Object.fromEntries(
          Object.keys(row).map((column) => [
            column,
            section.texts.includes(column) ? textIn(row, column) : numberIn(row, column),
          ]),
        ),
      );
      return [section.name, completed(section, typed)] as const;
    }),
  );
  return Object.fromEntries(asked);
}

export function reportOfEvents(
  events: readonly Counted[],
  nowMs: number,
  days: number | undefined,
): Report {
  return Object.fromEntries(
    SECTIONS.map((section) => {
      const back = days ?? section.days;
      const since = nowMs - back * DAY_MS;
      const rows = events.filter(({ timestampMs }) => timestampMs > since);
      return [section.name, completed(section, section.count(rows, back))];
    }),
  );
}

/** Shards are no column of the SQL. */
function completed({ name }: Section, rows: readonly ReportRow[]): readonly ReportRow[] {
  if (name !== 'tenantPeaks') return rows;
  return rows.map((row) => ({
    ...row,
    shards: recommendedShards(Number(row['peak_reads_per_second'])),
  }));
}

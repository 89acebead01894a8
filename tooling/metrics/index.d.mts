/** What a metric must reach: at least or at most this. */
export interface Bar {
  readonly min?: number;
  readonly max?: number;
}

export interface Report {
  readonly metrics: Readonly<Record<string, number>>;
  /** Bars by metric. A metric that falls short, or a bar whose metric is missing, makes the command fail. */
  readonly bars?: Readonly<Record<string, Bar>>;
  readonly seed?: number | string;
  /** How to get the same figures again. */
  readonly command: string;
  /** File for `{ metrics, seed, command }`. */
  readonly json?: string;
}

/** Prints the metrics with their bars, writes the JSON file, sets a non-zero exit code where a bar is missed. */
export function reportMetrics(report: Report): boolean;

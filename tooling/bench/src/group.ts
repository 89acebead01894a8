import type { Bar } from '@boost-tooling/metrics';

/** Figures that belong together, measured in one run. */
export interface BenchGroup {
  readonly name: string;
  /** One line for `--list`. */
  readonly about: string;
  readonly bars: Readonly<Record<string, Bar>>;
  run(options: RunOptions): Promise<Readonly<Record<string, number>>>;
}

export interface RunOptions {
  /** Leave out what has no bar. */
  readonly barsOnly: boolean;
}

/** How often each measurement is repeated; the median of the rounds counts. */
const ROUNDS = 9;

/**
 * Microseconds of processor time per call of each function: the functions take turns in every round, so that a slow moment of
 * the machine meets all of them, and the median over the rounds is what counts. Time in which others had the processor is not in it.
 */
export function measureInterleaved(
  functions: Readonly<Record<string, () => unknown>>,
  calls = 2000,
): Record<string, number> {
  const rounds = new Map(Object.keys(functions).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, run] of Object.entries(functions)) {
      const before = process.cpuUsage();
      for (let call = 0; call < calls; call++) run();
      const { user, system } = process.cpuUsage(before);
      // The first round warms up.
      if (round > 0) rounds.get(name)?.push((user + system) / calls);
    }
  }
  return Object.fromEntries([...rounds].map(([name, times]) => [name, median(times)]));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

import type { Bar } from '@boost-tooling/metrics';

/** Figures that belong together, measured in one run. */
export interface BenchGroup {
  readonly name: string;
  /** One line for `--list`. */
  readonly about: string;
  readonly bars: Readonly<Record<string, Bar>>;
  run(): Promise<Readonly<Record<string, number>>>;
}

/** How often each measurement is repeated; the median of the rounds counts. */
const ROUNDS = 9;

/**
 * Microseconds per call of each function: the functions take turns in every round, so that a slow moment of the machine meets
 * all of them, and the median over the rounds is what counts.
 */
export function measureInterleaved(
  functions: Readonly<Record<string, () => unknown>>,
  calls = 2000,
): Record<string, number> {
  const rounds = new Map(Object.keys(functions).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, run] of Object.entries(functions)) {
      const started = performance.now();
      for (let call = 0; call < calls; call++) run();
      // The first round warms up.
      if (round > 0) rounds.get(name)?.push(((performance.now() - started) / calls) * 1000);
    }
  }
  return Object.fromEntries([...rounds].map(([name, times]) => [name, median(times)]));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

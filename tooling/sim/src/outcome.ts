import type { Checker } from './checkers.ts';

/** A promise that was broken, by the name of its checker. */
export interface Violation {
  readonly checker: Checker;
  readonly detail: string;
}

export interface Outcome {
  readonly seed: number;
  readonly settings: object;
  readonly violation: Violation | undefined;
  /** What happened, if it was to be told. */
  readonly timeline: readonly string[];
  readonly operations: number;
  readonly hits: number;
  readonly faults: Readonly<Record<string, number>>;
}

/** One run of a level. */
export interface Run {
  run(): Promise<Outcome>;
}

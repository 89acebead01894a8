import type { Finding } from './oracle/finding.ts';
import { asTest } from './print.ts';

const INTERVAL_MS = 5_000;

interface Counted {
  readonly ops: number;
  describe(): string;
}

/** A line every few seconds. */
export class Progress {
  readonly #mode: string;
  readonly #metrics: Counted;
  readonly #started: number = performance.now();
  #shown: number = this.#started;

  constructor(mode: string, metrics: Counted) {
    this.#mode = mode;
    this.#metrics = metrics;
  }

  show(findings: number): void {
    const now = performance.now();
    if (now - this.#shown < INTERVAL_MS) return;
    this.#shown = now;
    const seconds = (now - this.#started) / 1_000;
    const perSecond = Math.round(this.#metrics.ops / seconds);
    console.log(
      `${this.#mode.padEnd(5)} ${seconds.toFixed(0).padStart(5)} s  ${this.#metrics.describe()}  ${String(perSecond)} ops/s  ${String(findings)} found`,
    );
  }
}

/** A failure as a person wants to read it, with the test to paste. */
export function describeFinding(finding: Finding): string {
  const { kind, seed, before, after, deps, bumps, note } = finding;
  return [
    `\n── ${kind} (seed ${String(seed)}) ${'─'.repeat(60)}`,
    asTest(finding),
    `before  ${before}`,
    `after   ${after}`,
    `deps    ${deps.join(' ')}`,
    `bumps   ${bumps.join(' ')}`,
    ...(note === undefined ? [] : [note]),
    '',
  ].join('\n');
}

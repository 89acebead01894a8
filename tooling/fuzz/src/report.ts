import type { Finding } from './oracle/finding.ts';
import type { Metrics } from './oracle/metrics.ts';
import { asTest } from './print.ts';

const INTERVAL_MS = 5_000;

/** A line every few seconds. */
export class Progress {
  readonly #metrics: Metrics;
  readonly #started: number = performance.now();
  #shown: number = this.#started;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  show(findings: number): void {
    const now = performance.now();
    if (now - this.#shown < INTERVAL_MS) return;
    this.#shown = now;
    const { writes, reads, untouched, sessions } = this.#metrics;
    const seconds = (now - this.#started) / 1_000;
    const perSecond = Math.round((writes + reads + untouched) / seconds);
    console.log(
      `${seconds.toFixed(0).padStart(5)} s  ${String(writes)} writes  ${String(reads + untouched)} reads (${String(reads)} asked again)  ` +
        `${String(sessions)} databases  ${String(perSecond)}/s  ${String(findings)} found`,
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

import { reportMetrics } from '@boost-tooling/metrics';
import { Arenas } from './arena.ts';
import { Databases } from './database/open.ts';
import { runCache } from './cache-run.ts';
import { runLaw } from './law-run.ts';
import { readOptions, USAGE, type Mode } from './options.ts';
import type { Finding, FindingKind } from './oracle/finding.ts';
import { CacheMetrics, Metrics, reportOf, type SessionCount } from './oracle/metrics.ts';
import { describeFinding, Progress } from './report.ts';

/** Findings of an answer that was, or would have been, out of date; the others are wrong in another way. */
const STALE: readonly FindingKind[] = ['stale', 'unfenced', 'cached'];

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const options = readOptions(process.argv.slice(2));
  const findings: Finding[] = [];
  const databases = new Databases();
  const arenas = new Arenas(options.schemas, options.databases, databases);
  const onFinding = (finding: Finding): void => {
    findings.push(finding);
    console.log(describeFinding(finding));
  };
  const sessions: SessionCount[] = [];
  const onSession = (count: SessionCount): void => void sessions.push(count);
  const { seed, modes, granularities, authorities } = options;
  const share = 1 / modes.length;
  const metrics = { law: new Metrics(), cache: new CacheMetrics() };
  /** Each mode has its share of the time and of the operations. */
  const limited = (mode: Mode): (() => boolean) => {
    const progress = new Progress(mode, metrics[mode]);
    const ends = performance.now() + options.seconds * 1_000 * share;
    return () => {
      progress.show(findings.length);
      return performance.now() < ends && metrics[mode].ops < options.ops * share;
    };
  };
  try {
    for (const mode of modes) {
      const common = { arenas, seed, goOn: limited(mode), onFinding, onSession };
      if (mode === 'law') await runLaw({ ...common, metrics: metrics.law });
      else await runCache({ ...common, metrics: metrics.cache, granularities, authorities });
    }
  } finally {
    await arenas.close();
    await databases.close();
  }
  const stale = findings.filter(({ kind }) => STALE.includes(kind));
  const reached = reportMetrics({
    metrics: {
      ...reportOf(metrics.law, metrics.cache, sessions),
      'fuzz.stale': stale.length,
      'fuzz.findings': findings.length,
    },
    bars: { 'fuzz.stale': { max: 0 }, 'fuzz.findings': { max: 0 } },
    seed,
    command: `npm run fuzz -- ${process.argv.slice(2).join(' ')}`,
    ...(options.json === undefined ? {} : { json: options.json }),
  });
  return reached ? 0 : 1;
}

try {
  // A client whose write has an unknown outcome waits for its deadline in the background: nothing to wait for here.
  process.exit(await main());
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exit(2);
}

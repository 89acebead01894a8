import { writeFile } from 'node:fs/promises';
import { Arenas } from './arena.ts';
import { Databases } from './database/open.ts';
import { runLaw } from './law-run.ts';
import { readOptions, USAGE } from './options.ts';
import type { Finding } from './oracle/finding.ts';
import { Metrics } from './oracle/metrics.ts';
import { describeFinding, Progress } from './report.ts';

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const options = readOptions(process.argv.slice(2));
  const metrics = new Metrics();
  const findings: Finding[] = [];
  const databases = new Databases();
  const progress = new Progress(metrics);
  const arenas = new Arenas(options.schemas, options.databases, databases);
  const started = performance.now();
  const goOn = (): boolean => {
    progress.show(findings.length);
    const { 'fuzz.ops': ops = 0 } = metrics.toJSON();
    return ops < options.ops && performance.now() - started < options.seconds * 1_000;
  };
  try {
    await runLaw({
      arenas,
      seed: options.seed,
      metrics,
      goOn,
      onFinding(finding) {
        findings.push(finding);
        console.log(describeFinding(finding));
      },
    });
  } finally {
    await arenas.close();
    await databases.close();
  }
  const report = { ...metrics.toJSON(), 'fuzz.stale': findings.length };
  console.log(report);
  if (options.json !== undefined)
    await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  return findings.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}

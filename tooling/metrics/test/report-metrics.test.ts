import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Report } from '../index.mjs';

const MODULE = new URL('../index.mjs', import.meta.url).href;

/** Reports in a process of its own, as every command does. */
function report(given: Report): { status: number | null; output: string } {
  const script = `import { reportMetrics } from '${MODULE}'; reportMetrics(${JSON.stringify(given)});`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  return { status, output: stdout };
}

test('a metric within its bar passes, one without a bar always does', () => {
  const bars = { hits: { min: 0.95 }, stale: { max: 0 } };
  const { status, output } = report({
    metrics: { hits: 0.95, stale: 0, reads: 7 },
    bars,
    command: 'x',
  });
  expect(status).toBe(0);
  expect(output).toMatch(/hits.*0\.95.*≥ 0\.95.*ok/);
  expect(output).not.toContain('MISSED');
});

test.each([
  ['falls short', { hits: 0.94 }],
  ['is missing', {}],
])('a metric that %s fails the command', (_, metrics) => {
  const { status, output } = report({ metrics, bars: { hits: { min: 0.95 } }, command: 'x' });
  expect(status).toBe(1);
  expect(output).toMatch(/hits.*MISSED/);
});

test('the file holds metrics, seed and command, whether or not a bar was missed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'boost-metrics-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const json = join(folder, 'metrics.json');
  const given = { metrics: { stale: 1 }, seed: 3, command: 'npm run fuzz -- --seed 3' };
  report({ ...given, bars: { stale: { max: 0 } }, json });
  expect(JSON.parse(readFileSync(json, 'utf8'))).toEqual(given);
});

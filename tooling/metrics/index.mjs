import { writeFileSync } from 'node:fs';
import Table from 'cli-table3';

export function reportMetrics({ metrics, bars = {}, seed, command, json }) {
  const table = new Table({
    head: ['metric', 'value', 'bar', ''],
    style: { head: [], border: [] },
  });
  let ok = true;
  for (const name of new Set([...Object.keys(metrics), ...Object.keys(bars)])) {
    const value = metrics[name];
    const bar = bars[name];
    const reached =
      bar === undefined ||
      (value !== undefined && value >= (bar.min ?? -Infinity) && value <= (bar.max ?? Infinity));
    ok &&= reached;
    table.push([
      name,
      format(value),
      describe(bar),
      bar === undefined ? '' : reached ? 'ok' : 'MISSED',
    ]);
  }
  console.log(table.toString());
  if (json !== undefined) {
    writeFileSync(json, `${JSON.stringify({ metrics, seed: seed ?? null, command }, null, 2)}\n`);
  }
  if (!ok) process.exitCode = 1;
  return ok;
}

function format(value) {
  if (value === undefined) return 'missing';
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}

function describe(bar) {
  if (bar === undefined) return '';
  const parts = [];
  if (bar.min !== undefined) parts.push(`≥ ${bar.min}`);
  if (bar.max !== undefined) parts.push(`≤ ${bar.max}`);
  return parts.join(', ');
}

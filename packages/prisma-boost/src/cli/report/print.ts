import Table from 'cli-table3';
import { coloured, line, type Terminal } from '../terminal.js';
import type { Report } from './report.js';
import { SECTIONS, type ReportRow, type Section } from './section.js';

/** Characters of a whole bar. */
const BAR_WIDTH = 20;

/** Tables, with bars where a figure is worth one. */
export function printReport(terminal: Terminal, report: Report): void {
  for (const section of SECTIONS) {
    const rows = report[section.name] ?? [];
    line(terminal, coloured(terminal, 'bold', section.title));
    line(terminal, rows.length === 0 ? 'Nothing.' : tableOf(section, rows));
    line(terminal);
  }
}

function tableOf({ texts, drawn }: Section, rows: readonly ReportRow[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const bars = drawn === undefined ? [] : [''];
  const table = new Table({
    head: [...columns.map((column) => column.replaceAll('_', ' ')), ...bars],
    colAligns: [
      ...columns.map((column) => (texts.includes(column) ? 'left' : 'right')),
      ...bars.map(() => 'left' as const),
    ],
    // The terminal's own colours.
    style: { head: [], border: [] },
  });
  const valueOf = (row: ReportRow): number => Number(row[drawn?.column ?? ''] ?? 0);
  const whole = drawn?.whole ?? Math.max(...rows.map(valueOf));
  for (const row of rows) {
    table.push([
      ...columns.map((column) => shown(column, row[column] ?? '')),
      ...bars.map(() => bar(whole > 0 ? valueOf(row) / whole : 0)),
    ]);
  }
  return table.toString();
}

function bar(share: number): string {
  return '█'.repeat(Math.round(Math.min(share, 1) * BAR_WIDTH)).padEnd(BAR_WIDTH);
}

function shown(column: string, value: string | number): string {
  // Ids of tenants come from outside, and a terminal obeys control characters.
  if (typeof value === 'string') return value.replace(/\p{Cc}/gu, '�');
  if (column.endsWith('_usd')) return `$${value.toPrecision(3)}`;
  return value.toLocaleString('en-US');
}

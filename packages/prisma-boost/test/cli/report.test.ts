import { describe, expect, test } from 'vitest';
import { createFolder } from './folder.js';
import { eventsFile, keptPoints } from './report-points.js';

const report = async (...args: string[]) => {
  const events = eventsFile(await keptPoints(Date.now()));
  const folder = await createFolder({ 'events.jsonl': events });
  return folder.run('report', '--events', 'events.jsonl', ...args);
};

describe('the report of a file of events', () => {
  test('says as JSON what happened', async () => {
    const { exitCode, output } = await report('--json');
    expect(exitCode).toBe(0);
    const tables = JSON.parse(output) as Record<string, Record<string, unknown>[]>;
    const cost = (rows: readonly Record<string, unknown>[] = [], column: string) =>
      rows.reduce((total, row) => total + Number(row[column]), 0);
    expect(tables).toMatchObject({
      hitRates: [
        { model: 'Post', hits: 75_008, misses: 11, bypasses: 0, hit_rate_pct: 100, saved_ms: 160 },
        { model: 'User', hits: 8, misses: 0, bypasses: 0, hit_rate_pct: 100, saved_ms: 0 },
      ],
      slowestMisses: [
        { model: 'Post', action: 'count', slowest_ms: 90, spent_ms: 8 * 45 + 3 * 90, misses: 11 },
      ],
      needlessInvalidations: [{ model: 'Post', invalidated: 3, needless: 3, needless_pct: 100 }],
      hotTenants: [
        { tenant: 'acme', reads: 75_016, reads_per_second: 0.124, misses: 8 },
        { tenant: 'small\u001B[2J', reads: 8, reads_per_second: 0, misses: 0 },
      ],
      tenantPeaks: [
        { tenant: 'acme', peak_reads_per_second: 1250.267, shards: 2 },
        { tenant: 'small\u001B[2J', peak_reads_per_second: 0.133, shards: 1 },
      ],
      budgetExceeded: [{ model: 'Post', exceeded: 3, total: 11, exceeded_pct: 27.3 }],
      affinity: [
        { mutated: 'Post', target: 'Comment', invalidations: 11 },
        { mutated: 'Post', target: 'Post', invalidations: 11 },
      ],
    });
    expect(cost(tables['storeCostByDay'], 'reads')).toBe(8 * 6 + 3 * 2);
    expect(cost(tables['invalidationCosts'], 'total_cost_usd')).toBeCloseTo(0.01208, 8);
    expect(cost(tables['invalidationCosts'], 'rows_deleted')).toBe(1_800);
  });

  test('looks back as far as it is told', async () => {
    const { output } = await report('--json', '--days', '1');
    expect(JSON.parse(output)).toMatchObject({ needlessInvalidations: [], budgetExceeded: [] });
    expect((await report('--json', '--days', '60')).output).toContain('"model": "Old"');
    const { exitCode, output: refusal } = await report('--days', '91');
    expect([exitCode, refusal]).toEqual([1, expect.stringContaining('--days 91: give a whole')]);
  });

  test('draws tables and bars, and obeys no control character of a tenant', async () => {
    const { output } = await report();
    expect(output).toMatch(/Hit rates by model\n┌/);
    expect(output).toMatch(/│ Post +│ +75,008 │ +11 │ +0 │ +100 │ +160 │ █{20} │/);
    expect(output).toMatch(/│ Post +│ +3 │ +11 │ +27.3 │ █{5} +│/);
    expect(output).toContain('small�[2J');
    expect(output).not.toContain('\u001B');
  });

  test('says of a table that there is nothing', async () => {
    const folder = await createFolder({ 'none.jsonl': '\n' });
    const { exitCode, output } = await folder.run('report', '--events', 'none.jsonl');
    expect([exitCode, output.match(/\nNothing\.\n/g)]).toEqual([
      0,
      new Array(9).fill('\nNothing.\n'),
    ]);
  });
});

describe('the report refuses', () => {
  test.each([
    ['no JSON', 'hello'],
    ['no list', '{"timestamp":"2026-01-01","indexes":"Post","blobs":[],"doubles":[]}'],
    ['no time', '{"indexes":["Post"],"blobs":[],"doubles":[]}'],
    ['texts for numbers', '{"timestamp":"2026-01-01","indexes":[],"blobs":[],"doubles":["1"]}'],
    [
      'a weight below 1',
      '{"timestamp":"2026-01-01","_sample_interval":0,"indexes":[],"blobs":[],"doubles":[]}',
    ],
    ['null', 'null'],
  ])('%s in a line', async (_, text) => {
    const folder = await createFolder({ 'events.jsonl': `\n${text}\n` });
    const { exitCode, output } = await folder.run('report', '--events', 'events.jsonl');
    expect(exitCode).toBe(1);
    expect(output).toContain('--events events.jsonl: line 2 is no data point: write {');
  });

  test('a file that is not there', async () => {
    const { exitCode, output } = await (await createFolder({})).run('report', '--events', 'x');
    expect([exitCode, output]).toEqual([1, expect.stringContaining('--events x: cannot be read')]);
  });

  test('to ask without credentials, and says which', async () => {
    const folder = await createFolder({}, { CF_ACCOUNT_ID: 'a' });
    const { exitCode, output } = await folder.run('report');
    expect(exitCode).toBe(1);
    expect(output).toContain('set CF_ACCOUNT_ID and CF_API_TOKEN');
  });
});

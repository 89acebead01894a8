import { startClickHouse, type ClickHouse } from '@boost-tooling/clickhouse';
import { createSqlApi, detectHotTenants, recommendShardCount } from '@boost/analytics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFolder } from './folder.js';
import { eventsFile, keptPoints, type Kept } from './report-points.js';

const DATASETS = ['cachePerformance', 'cacheInvalidationEvents'] as const;

let clickhouse: ClickHouse;
let kept: readonly Kept[];

beforeAll(async () => {
  clickhouse = await startClickHouse();
  kept = await keptPoints(Date.now());
  for (const name of DATASETS) {
    await clickhouse.createDataset(name);
    const rows = kept.filter(({ dataset }) => dataset === name);
    await clickhouse.insert(name, rows);
  }
}, 300_000);

afterAll(() => clickhouse.stop());

const credentials = () => ({
  CF_ACCOUNT_ID: 'an account',
  CF_API_TOKEN: clickhouse.token,
  CF_ANALYTICS_DATASET: 'cacheInvalidationEvents',
  CF_API_BASE_URL: clickhouse.url,
});

/** Sums of fractions depend on the order of the rows. */
const rounded = (json: string): unknown =>
  JSON.parse(json, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(9)) : value,
  );

test('Analytics Engine and a file of the same events give the same report', async () => {
  const folder = await createFolder({ 'events.jsonl': eventsFile(kept) }, credentials());
  for (const days of [[], ['--days', '1'], ['--days', '60']]) {
    const asked = await folder.run('report', '--json', ...days);
    const read = await folder.run('report', '--json', '--events', 'events.jsonl', ...days);
    expect([asked.exitCode, read.exitCode]).toEqual([0, 0]);
    expect(rounded(asked.output)).toEqual(rounded(read.output));
  }
  const tables = await folder.run('report');
  expect(tables.output).toBe((await folder.run('report', '--events', 'events.jsonl')).output);
  expect(tables.output).toContain('1,250.267');
});

test('the tables can be of other names', async () => {
  const folder = await createFolder({}, { ...credentials(), CF_ANALYTICS_DATASET: 'elsewhere' });
  expect((await folder.run('report')).output).toContain('Analytics Engine answered 422');
  const { exitCode, output } = await folder.run('report', '--performance-dataset', "x'; DROP");
  expect([exitCode, output]).toEqual([1, expect.stringContaining('BOOST_OPTION_INVALID')]);
});

test('what is wrong is said, and the token never', async () => {
  const wrong = { ...credentials(), CF_API_TOKEN: 'a-secret-that-is-wrong' };
  const refused = await (await createFolder({}, wrong)).run('report');
  expect(refused.exitCode).toBe(1);
  expect(refused.output).toContain('401: the token is not valid');
  expect(refused.output).not.toContain('a-secret-that-is-wrong');
  const folder = await createFolder({}, credentials());
  const away = await folder.run('report', '--base-url', 'http://127.0.0.1:1');
  expect(away.output).toContain('could not be reached');
  const all = await folder.run('report', '--json');
  for (const { output } of [away, all]) expect(output).not.toContain(clickhouse.token);
});

test('hot tenants are those that one object does not suffice for', async () => {
  const { token: apiToken, url: baseUrl } = clickhouse;
  const api = createSqlApi({ accountId: 'a', apiToken, baseUrl });
  expect(await detectHotTenants(api)).toEqual([
    { tenant: 'acme', peakReadsPerSecond: 1250.267, shards: 2 },
  ]);
  expect(await recommendShardCount(api, 'acme')).toBe(2);
  expect(await recommendShardCount(api, 'small')).toBe(1);
});

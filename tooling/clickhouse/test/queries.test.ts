import {
  affinity,
  budgetExceeded,
  capSamples,
  createSqlApi,
  hitRates,
  hotTenants,
  invalidationCosts,
  modelHitRates,
  needlessInvalidations,
  slowestMisses,
  spentThisMonth,
  storeCostByDay,
  tenantPeaks,
  type SqlApi,
} from '@boost/analytics';
import type { EngineEvent } from '@boost/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startClickHouse, type ClickHouse } from '../index.mjs';
import { HOUR_MS, invalidation, pointsOf, readEvent, sampled } from './support.js';

/** Requests that were alike: sampling leaves one row, which stands for all of them. */
interface Batch {
  readonly agoMs: number;
  readonly times: number;
  readonly events: readonly EngineEvent[];
}

const store = (operation: 'get' | 'set', billed: number): EngineEvent => ({
  ...{ type: 'store', operation, keys: billed, billed, ok: true },
});

const BATCHES: readonly Batch[] = [
  {
    agoMs: HOUR_MS,
    times: 8,
    events: [
      readEvent({ tenant: 'acme', databaseMs: 20 }),
      readEvent({ tenant: 'acme', status: 'hit-l1', databaseMs: 20 }),
      readEvent({ tenant: 'acme', status: 'miss', reason: 'absent', databaseMs: 45 }),
      readEvent({ model: 'User', action: 'findUnique', status: 'stale', tenant: 'small' }),
      store('get', 6),
      store('set', 1),
    ],
  },
  {
    agoMs: 30 * HOUR_MS,
    times: 3,
    events: [
      readEvent({
        ...{ status: 'miss', reason: 'invalidated by Post!', isNeedless: true, databaseMs: 90 },
        ...{ tenant: 'small', action: 'count' },
      }),
      readEvent({ status: 'miss', reason: 'invalidated by Post!', databaseMs: 2 }),
      readEvent({ model: 'User', status: 'bypass', reason: 'transaction', databaseMs: 3 }),
      store('get', 2),
    ],
  },
  {
    agoMs: HOUR_MS,
    times: 20,
    events: [
      invalidation({ scopes: ['Post:1#title', 'Post*', 'Comment{postId=1}#rows'], puts: 3 }),
    ],
  },
  {
    agoMs: 2 * HOUR_MS,
    times: 5,
    events: [
      invalidation({
        ...{ fallbackReason: 'max-deletes', deleted: 600, deletes: 600, lists: 6, reads: 700 },
        ...{ costEstimate: 0.004, puts: 1 },
      }),
    ],
  },
  {
    agoMs: 50 * HOUR_MS,
    times: 7,
    events: [invalidation({ model: 'User', scopes: ['User:7#name', 'Post{authorId=7}'], puts: 2 })],
  },
];

let clickhouse: ClickHouse;
let api: SqlApi;
/** Of the first batch: fixed, so that no day or month begins between writing and asking. */
const now = Date.now();

beforeAll(async () => {
  clickhouse = await startClickHouse();
  api = createSqlApi({
    accountId: 'an account',
    apiToken: clickhouse.token,
    baseUrl: clickhouse.url,
  });
  for (const suffix of ['', '_whole']) {
    const tables = [`cachePerformance${suffix}`, `cacheInvalidationEvents${suffix}`] as const;
    for (const name of tables) await clickhouse.createDataset(name);
    for (const { agoMs, times, events } of BATCHES) {
      const { reads, invalidations } = await pointsOf(events);
      const at = new Date(now - agoMs);
      for (const [name, points] of [
        [tables[0], reads],
        [tables[1], invalidations],
      ] as const) {
        const rows =
          suffix === ''
            ? sampled(points, at, times)
            : Array.from({ length: times }, () => sampled(points, at, 1)).flat();
        if (rows.length > 0) await clickhouse.insert(name, rows);
      }
    }
  }
}, 300_000);

afterAll(() => clickhouse.stop());

/** What really happened, counted from the events. */
function truth(
  of: (event: EngineEvent, agoMs: number) => number,
  type: EngineEvent['type'],
): number {
  let total = 0;
  for (const { times, events, agoMs } of BATCHES) {
    for (const event of events) if (event.type === type) total += times * of(event, agoMs);
  }
  return total;
}

/** Figures as numbers. */
async function ask(sql: string): Promise<Readonly<Record<string, unknown>>[]> {
  const rows = await api.query(sql);
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        const isCount = typeof value === 'string' && /^\d+$/.test(value);
        return [name, isCount ? Number(value) : value];
      }),
    ),
  );
}

describe.each([
  ['sampled', ''],
  ['whole', '_whole'],
])('the queries on %s rows', (_, suffix) => {
  const performance = { dataset: `cachePerformance${suffix}` };
  const invalidations = { dataset: `cacheInvalidationEvents${suffix}` };

  test('hit rates by model', async () => {
    expect(await ask(hitRates(performance))).toEqual([
      { model: 'Post', hits: 16, misses: 14, bypasses: 0, hit_rate_pct: 53.3, saved_ms: 320 },
      { model: 'User', hits: 8, misses: 0, bypasses: 3, hit_rate_pct: 100, saved_ms: 0 },
    ]);
    const isHit = (event: EngineEvent) =>
      Number(event.type === 'read' && !['miss', 'bypass'].includes(event.status));
    expect(truth(isHit, 'read')).toBe(24);
  });

  test('hit rates as the product page asks for them', async () => {
    const rows = await ask(modelHitRates(performance));
    // Each request counts alike: 8 with two of three, and 3 + 3 without.
    expect(rows).toEqual([
      { model: 'Post', hits: 16, misses: 14, hit_rate_pct: 38.1 },
      { model: 'User', hits: 8, misses: 0, hit_rate_pct: 100 },
    ]);
  });

  test('slowest misses', async () => {
    expect(await ask(slowestMisses(performance))).toEqual([
      { model: 'Post', action: 'count', slowest_ms: 90, spent_ms: 8 * 45 + 3 * 92, misses: 14 },
    ]);
  });

  test('needless invalidations', async () => {
    expect(await ask(needlessInvalidations(performance))).toEqual([
      { model: 'Post', invalidated: 6, needless: 3, needless_pct: 50 },
    ]);
  });

  test('hot tenants, and their busiest minute', async () => {
    const perSecond = (reads: number) => Math.round((reads / (7 * 86_400)) * 1_000) / 1_000;
    expect(await ask(hotTenants(performance))).toEqual([
      { tenant: 'acme', reads: 24, reads_per_second: perSecond(24), misses: 8 },
      { tenant: 'small', reads: 11, reads_per_second: perSecond(11), misses: 3 },
    ]);
    expect(await ask(tenantPeaks(performance))).toEqual([
      { tenant: 'acme', peak_reads_per_second: 0.4 },
      { tenant: 'small', peak_reads_per_second: 0.133 },
    ]);
  });

  test('what the store billed', async () => {
    const reads = 8 * 6 + 3 * 2;
    const days = await ask(storeCostByDay(performance));
    const total = (name: string) => days.reduce((sum, row) => sum + Number(row[name]), 0);
    expect([total('reads'), total('writes')]).toEqual([reads, 8]);
    expect(total('cost_usd')).toBeCloseTo(reads * 0.5e-6 + 8 * 5e-6, 12);
    const monthStart = Date.UTC(new Date(now).getUTCFullYear(), new Date(now).getUTCMonth());
    const [spent] = await ask(spentThisMonth(performance));
    const expected = truth((event, agoMs) => {
      if (event.type !== 'store' || now - agoMs < monthStart) return 0;
      return event.billed * (event.operation === 'get' ? 0.5e-6 : 5e-6);
    }, 'store');
    expect(spent?.['spent_usd'] ?? 0).toBeCloseTo(expected, 12);
  });

  test('what invalidations cost, by day', async () => {
    const days = await ask(invalidationCosts(invalidations));
    const cost = days.reduce((sum, row) => sum + Number(row['total_cost_usd']), 0);
    expect(cost).toBeCloseTo(
      truth((event) => (event.type === 'invalidate' ? event.costEstimate : 0), 'invalidate'),
      10,
    );
    const total = (name: string) => days.reduce((sum, row) => sum + Number(row[name]), 0);
    expect([total('rows_deleted'), total('list_ops')]).toEqual([3_000, 30]);
  });

  test('budgets that were exceeded', async () => {
    expect(await ask(budgetExceeded(invalidations))).toEqual([
      { model: 'Post', exceeded: 5, total: 25, exceeded_pct: 20 },
    ]);
  });

  test('which models invalidate which', async () => {
    expect(await ask(affinity(invalidations))).toEqual([
      { mutated: 'Post', target: 'Post', invalidations: 25 },
      { mutated: 'Post', target: 'Comment', invalidations: 20 },
      { mutated: 'User', target: 'Post', invalidations: 7 },
      { mutated: 'User', target: 'User', invalidations: 7 },
    ]);
  });

  test('what caps are derived from', async () => {
    const rows = await ask(capSamples(invalidations));
    const posts = rows.filter(({ model }) => model === 'Post');
    expect(posts.reduce((sum, { samples }) => sum + Number(samples), 0)).toBe(25);
    expect(Math.max(...posts.map((row) => Number(row['lists_p95'])))).toBe(6);
    expect(Math.max(...posts.map((row) => Number(row['deletes_p95'])))).toBe(600);
    expect(rows.find(({ model }) => model === 'User')).toMatchObject({ samples: 7, rows_p95: 1 });
  });
});

describe("the product page's own queries, word for word", () => {
  // Sampled rows have to be weighed, which two of them do not do.
  const table = 'cacheInvalidationEvents_whole';

  test('invalidation costs', async () => {
    const rows = await ask(`SELECT
DATE(timestamp) as day,
SUM(double9) as total_cost_usd,
SUM(double2) as rows_deleted,
SUM(double5) as list_ops
FROM ${table}
WHERE timestamp > NOW() - INTERVAL '30' DAY
GROUP BY day
ORDER BY day DESC;`);
    expect(rows).toEqual(await ask(invalidationCosts({ dataset: table })));
  });

  test.each(['', '_whole'])('budget exceeded events%s', async (suffix) => {
    const dataset = `cacheInvalidationEvents${suffix}`;
    const rows = await ask(`SELECT
index1 as model,
SUM(CASE WHEN blob3 = '1' THEN _sample_interval ELSE 0 END) as exceeded,
SUM(_sample_interval) as total,
ROUND(exceeded * 100.0 / total, 1) as exceeded_pct
FROM ${dataset}
WHERE timestamp > NOW() - INTERVAL '7' DAY
GROUP BY model
HAVING exceeded_pct > 5;`);
    // Pairs are counted under an index of their own.
    expect(rows.filter(({ model }) => !String(model).includes('>'))).toEqual(
      await ask(budgetExceeded({ dataset })),
    );
  });
});

describe('the API', () => {
  const refused = async (own: object): Promise<unknown> =>
    createSqlApi({ accountId: 'a', apiToken: 'secret', baseUrl: clickhouse.url, ...own })
      .query('SELECT 1 AS one')
      .then(() => undefined, String);

  test('answers', async () => {
    expect(await api.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('says what is wrong, and never the token', async () => {
    expect(await refused({})).toMatch(/401: the token is not valid.*BOOST_ANALYTICS_FAILED/);
    expect(await refused({})).not.toContain('secret');
    expect(await refused({ baseUrl: 'http://127.0.0.1:1' })).toContain('could not be reached');
    expect(await refused({ baseUrl: `${clickhouse.url}/elsewhere` })).toContain('404');
    await expect(api.query('SELEC 1')).rejects.toThrow('422');
  });

  test('refuses names and days that cannot stand in a query', () => {
    expect(() => hitRates({ dataset: "x'; DROP" })).toThrow('BOOST_OPTION_INVALID');
    expect(() => hitRates({ days: 0 })).toThrow('BOOST_OPTION_INVALID');
    expect(() => hitRates({ days: 1.5 })).toThrow('BOOST_OPTION_INVALID');
  });
});

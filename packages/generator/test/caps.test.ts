import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startClickHouse, type ClickHouse, type SampledPoint } from '@boost-tooling/clickhouse';
import { CAP_STEPS, INVALIDATION, WRITE_KIND } from '@boost/analytics';
import type { ModelCaps } from '@boost/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { learn, type Environment, type Learned } from '../src/caps.js';
import { createProject } from './prisma.js';

const SCHEMA = `datasource db {
  provider = "sqlite"
}

model Post {
  id Int @id
}
`;
const DAY_MS = 86_400_000;
const DATASET = 'cacheInvalidationEvents';

/** What the invalidations of a day took, the same for all of them. */
interface Day {
  readonly rows: number;
  readonly lists?: number;
  readonly deletes?: number;
  readonly exceeded?: boolean;
  /** @defaultValue 100 */
  readonly times?: number;
  readonly sampleInterval?: number;
}

let clickhouse: ClickHouse;
// Noon, so that every day of the test is one of the table.
const nowMs = Math.floor(Date.now() / DAY_MS) * DAY_MS + DAY_MS / 2;

beforeAll(async () => {
  clickhouse = await startClickHouse();
}, 300_000);

afterAll(() => clickhouse.stop());

function rowsOf(
  model: string,
  { rows, lists = 0, deletes = 0, ...day }: Day,
  agoDays: number,
): SampledPoint[] {
  const { exceeded = false, times = 100, sampleInterval = 1 } = day;
  const doubles = new Array<number>(15).fill(0);
  const set = (column: number, value: number): void => void (doubles[column - 1] = value);
  set(INVALIDATION.invalidations, 1);
  set(INVALIDATION.mostRows, rows);
  set(INVALIDATION.mostLists, lists);
  set(INVALIDATION.mostDeletes, deletes);
  set(INVALIDATION.exceeded, Number(exceeded));
  const blobs = [WRITE_KIND, '', exceeded ? '1' : '0', model, '', ''];
  const timestamp = new Date(nowMs - agoDays * DAY_MS);
  return Array.from({ length: times / sampleInterval }, () => ({
    point: { indexes: [model], blobs, doubles },
    timestamp,
    sampleInterval,
  }));
}

/** @param days - the last of them is yesterday */
async function history(days: readonly Day[], model = 'Post'): Promise<void> {
  await clickhouse.createDataset(DATASET);
  const rows = days.flatMap((day, at) => rowsOf(model, day, days.length - at));
  if (rows.length > 0) await clickhouse.insert(DATASET, rows);
}

const environment = (own: Environment = {}): Environment => ({
  CF_ACCOUNT_ID: 'an-account',
  CF_API_TOKEN: clickhouse.token,
  CF_ANALYTICS_DATASET: DATASET,
  CF_API_BASE_URL: clickhouse.url,
  ...own,
});

async function learned(
  own: Environment = {},
  output = '/nowhere',
): Promise<{ readonly learned: Learned; readonly printed: readonly string[] }> {
  const printed: string[] = [];
  const config = { output, track: new Map(), untrack: new Map(), formats: ['esm'] } as const;
  const options = { environment: environment(own), models: ['Post'], nowMs };
  const found = await learn(config, { ...options, print: (line) => void printed.push(line) });
  return { learned: found, printed };
}

async function capsOf(days: readonly Day[]): Promise<ModelCaps | undefined> {
  await history(days);
  return (await learned()).learned.caps?.['Post'];
}

const repeat = (times: number, day: Day): Day[] => Array.from({ length: times }, () => day);
const QUIET = { rows: 10, lists: 1, deletes: 10 };

describe('caps', () => {
  it('follow what is quiet down to the lower bound, one step a day', async () => {
    expect(await capsOf(repeat(3, QUIET))).toEqual({ maxRows: 300, maxLists: 3, maxDeletes: 300 });
    expect(await capsOf(repeat(5, QUIET))).toEqual({ maxRows: 100, maxLists: 2, maxDeletes: 50 });
    expect(await capsOf(repeat(13, QUIET))).toEqual({ maxRows: 25, maxLists: 2, maxDeletes: 25 });
  });

  it('are not moved by one spike, nor by one bad day', async () => {
    const before = await capsOf(repeat(13, QUIET));
    for (const odd of [
      { rows: 50_000, lists: 900, deletes: 90_000 },
      { ...QUIET, exceeded: true },
    ]) {
      for (let at = 3; at < 13; at++) {
        const days = repeat(13, QUIET);
        days[at] = odd;
        const after = await capsOf(days);
        for (const [name, steps] of Object.entries(CAP_STEPS)) {
          const stepOf = (caps: ModelCaps | undefined): number =>
            (steps as readonly number[]).indexOf(caps?.[name as keyof typeof CAP_STEPS] ?? 0);
          expect(Math.abs(stepOf(after) - stepOf(before))).toBeLessThanOrEqual(1);
        }
        expect(after?.strategy).toBeUndefined();
      }
    }
    const last = [...repeat(12, QUIET), { rows: 50_000, lists: 900, deletes: 90_000 }];
    expect(await capsOf(last)).toEqual(before);
  });

  it('follow growth up, within the bounds', async () => {
    const grown = { rows: 180, lists: 1, deletes: 10 };
    const caps = await capsOf([...repeat(9, QUIET), ...repeat(4, grown)]);
    expect(caps?.maxRows).toBe(150);
    const beyond = { rows: 100_000, lists: 1_000, deletes: 100_000 };
    expect(await capsOf([...repeat(4, QUIET), ...repeat(9, beyond)])).toBeUndefined();
  });

  it('do not follow what only just fits', async () => {
    // 1.5 times 280 is more than 0.8 of 300, and less than 600.
    expect((await capsOf(repeat(13, { ...QUIET, rows: 280 })))?.maxRows).toBeUndefined();
  });

  it('give deleting up for a model that is always past them', async () => {
    const past = { rows: 10, lists: 6, deletes: 600, exceeded: true };
    expect(await capsOf(repeat(6, past))).toEqual({ strategy: 'epoch' });
  });

  it('take sampled rows for as many as they stand for', async () => {
    const whole = await capsOf(repeat(8, QUIET));
    expect(await capsOf(repeat(8, { ...QUIET, sampleInterval: 20 }))).toEqual(whole);
    // Five rows are enough where they stand for a hundred, and not where they stand for themselves.
    expect(await capsOf(repeat(8, { ...QUIET, times: 5 }))).toBeUndefined();
  });

  it('need samples: without any, and from today alone, there are none', async () => {
    expect(await capsOf([])).toBeUndefined();
    await clickhouse.createDataset(DATASET);
    await clickhouse.insert(DATASET, rowsOf('Post', QUIET, 0));
    expect((await learned()).learned.caps).toBeUndefined();
  });

  it('are the same for the same answers, whatever they were', async () => {
    await history(repeat(7, QUIET));
    const first = await learned();
    expect(first.printed[0]).toMatch(
      /^Boost caps of Post: as the tier allows → maxRows \d+.* 95 % /,
    );
    expect((await learned()).learned).toEqual(first.learned);
  });
});

describe('prisma generate', () => {
  async function project() {
    const created = await createProject();
    await created.write(SCHEMA);
    return { ...created, output: join(created.folder, 'generated') };
  }

  it('writes the caps and the budget, says what changed, and keeps the token to itself', async () => {
    await history([...repeat(9, QUIET)]);
    const { generate, output } = await project();
    const given = { ...environment(), CF_MAX_MONTHLY_BUDGET_USD: '5.00' } as Record<string, string>;
    const { stdout, stderr } = await generate(given);
    const text = await readFile(join(output, 'cacheConfig.js'), 'utf8');
    expect(text).toMatch(/^export const caps = \{"Post":\{"maxRows":25,/m);
    expect(text).toContain('export const budget = {"maxMonthlyUsd":5};');
    const declared = await readFile(join(output, 'cacheConfig.d.ts'), 'utf8');
    expect(declared).toContain('export declare const caps');
    expect(stdout).toContain('Boost caps of Post: as the tier allows → maxRows 25');
    for (const shown of [stdout, stderr, text, declared]) {
      expect(shown).not.toContain(clickhouse.token);
    }
    // Another machine, without credentials: what was learned stays.
    await generate();
    expect(await readFile(join(output, 'cacheConfig.js'), 'utf8')).toMatch(/"maxRows":25/);
  });
});

import { isBoostError } from '@boost/core';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import {
  INVALIDATION,
  MAX_POINTS,
  PAIR_KIND,
  READS,
  READS_KIND,
  Recorder,
  STORE,
  STORE_KIND,
  WRITE_KIND,
  checkAnalyticsOptions,
  recorderOf,
  type RecorderOptions,
} from '../src/index.js';
import { ManualTimers, invalidation, read, stored } from './support/events.js';
import { RecordingDataset } from './support/recording-dataset.js';

const bindings = env as unknown as {
  readonly CACHE_ANALYTICS: AnalyticsEngineDataset;
  readonly CACHE_INVALIDATION_EVENTS: AnalyticsEngineDataset;
};

function setup(own: Partial<RecorderOptions> = {}) {
  const dataset = new RecordingDataset();
  const invalidations = new RecordingDataset();
  const timers = new ManualTimers();
  const kept: Promise<unknown>[] = [];
  const options: RecorderOptions = {
    dataset,
    invalidations,
    ports: { timers },
    waitUntil: (promise) => void kept.push(promise),
    ...own,
  };
  const recorder = new Recorder(options);
  const flush = async (): Promise<void> => {
    const flushed = recorder.flush();
    timers.fire(0);
    await flushed;
  };
  return { dataset, invalidations, timers, kept, options, recorder, flush };
}

describe('a recorder', () => {
  it('writes one row per model, with every status in its column', async () => {
    const { dataset, recorder, flush } = setup();
    recorder.record(read({ status: 'hit-memory', databaseMs: 4, size: 100 }));
    recorder.record(read({ status: 'hit-l1', databaseMs: 5, size: 10 }));
    recorder.record(read({ status: 'hit-l2', databaseMs: 6 }));
    recorder.record(read({ status: 'stale', databaseMs: 1 }));
    recorder.record(read({ status: 'miss', reason: 'absent', databaseMs: 30, size: 7 }));
    recorder.record(
      read({ status: 'miss', reason: 'invalidated by Post!', isNeedless: true, databaseMs: 9 }),
    );
    recorder.record(read({ status: 'bypass', reason: 'transaction', databaseMs: 2 }));
    recorder.record(read({ model: 'User', status: 'miss', reason: 'expired', coalesced: true }));
    await flush();
    expect(dataset.points).toHaveLength(2);
    const [post] = dataset.of(READS_KIND, 'Post');
    const column = (name: keyof typeof READS) => post?.doubles[READS[name] - 1];
    expect([column('hitsMemory'), column('hitsL1'), column('hitsL2'), column('stale')]).toEqual([
      1, 1, 1, 1,
    ]);
    expect([column('misses'), column('missesAbsent'), column('missesInvalidated')]).toEqual([
      2, 1, 1,
    ]);
    expect([column('needless'), column('bypasses'), column('bypassesTransaction')]).toEqual([
      1, 1, 1,
    ]);
    expect([column('databaseSavedMs'), column('databaseSpentMs'), column('slowestMs')]).toEqual([
      16, 41, 30,
    ]);
    expect([column('sizeFromCache'), column('sizeFromDatabase')]).toEqual([110, 7]);
    expect(post?.blobs).toEqual([READS_KIND, '', 'transaction', 'findMany']);
    expect(dataset.sum(READS_KIND, READS.coalesced, 'User')).toBe(1);
  });

  it('has the positions that the SQL of the product page names', () => {
    const { deleted, lists, costUsd } = INVALIDATION;
    expect([deleted, lists, costUsd]).toEqual([2, 5, 9]);
  });

  it('writes one row per invalidation, and one per model that it reached', async () => {
    const { invalidations, recorder, flush } = setup();
    const scopes = ['Post:42#title', 'Post:42#~d', 'Post*', 'Comment{postId=42}#rows', '*'];
    recorder.record(
      invalidation({
        ...{ scopes, puts: 4, deleted: 3, deletes: 5, lists: 2, reads: 20, costEstimate: 0.25 },
        ...{ incomplete: true, fallbackReason: 'max-deletes' },
        affected: [{ name: 'User:7', model: 'User', through: 'posts' }],
      }),
    );
    await flush();
    const [row] = invalidations.of(WRITE_KIND);
    expect(row).toEqual({
      indexes: ['Post'],
      blobs: [WRITE_KIND, 'max-deletes', '1', 'Post', '', ''],
      doubles: [1, 3, 5, 4, 2, 5, 20, 1, 0.25, 1, 1, 1, 1, 5, 2],
    });
    expect(invalidations.of(PAIR_KIND).map(({ indexes, blobs }) => [indexes[0], blobs[4]])).toEqual(
      [
        ['Post>Post', 'Post'],
        ['Post>Comment', 'Comment'],
        ['Post>User', 'User'],
      ],
    );
  });

  it('counts what the far store bills', async () => {
    const { dataset, recorder, flush } = setup();
    recorder.record(stored({ keys: 5, billed: 4 }));
    recorder.record(stored({ operation: 'set', ok: false }));
    recorder.record(stored({ operation: 'set', keys: 1, billed: 0 }));
    await flush();
    expect(dataset.of(STORE_KIND)).toHaveLength(1);
    expect(dataset.sum(STORE_KIND, STORE.reads)).toBe(4);
    expect(dataset.sum(STORE_KIND, STORE.writes)).toBe(1);
    expect(dataset.sum(STORE_KIND, STORE.failed)).toBe(1);
    expect(dataset.sum(STORE_KIND, STORE.costUsd)).toBeCloseTo(4 * 0.5e-6 + 5e-6, 12);
  });

  it('writes at most 25 points an invocation, and adds up what is beyond', async () => {
    const { dataset, invalidations, recorder, flush } = setup();
    for (let at = 0; at < 40; at++) {
      recorder.record(read({ model: `Model${String(at)}`, tenant: `t${String(at)}` }));
      recorder.record(
        invalidation({ model: `Model${String(at)}`, scopes: [`Model${String(at)}!`, 'Post!'] }),
      );
      recorder.record(stored());
    }
    await flush();
    const written = () => dataset.points.length + invalidations.points.length;
    expect(written()).toBeLessThan(MAX_POINTS);
    const hits = dataset.sum(READS_KIND, READS.hitsL2);
    expect(hits).toBe(40);
    expect(invalidations.sum(WRITE_KIND, INVALIDATION.invalidations)).toBe(40);
    expect(invalidations.sum(WRITE_KIND, INVALIDATION.costUsd)).toBeCloseTo(40 * 5e-6, 12);
    expect(invalidations.sum(PAIR_KIND, INVALIDATION.invalidations)).toBe(80);
  });

  it('adds up what many clients of one invocation do, each with a cleanup of its own', async () => {
    const { dataset, invalidations, recorder, timers, flush } = setup();
    for (let client = 0; client < 200; client++) {
      recorder.record(read({ model: `Model${String(client % 7)}` }));
      recorder.record(invalidation());
      recorder.record(stored({ billed: 1 }));
      await flush();
    }
    for (let look = 0; look < 3; look++) timers.fire();
    expect(dataset.points.length + invalidations.points.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(dataset.sum(READS_KIND, READS.hitsL2)).toBe(200);
    expect(dataset.sum(STORE_KIND, STORE.reads)).toBe(200);
    expect(invalidations.sum(WRITE_KIND, INVALIDATION.invalidations)).toBe(200);
    expect(recorder.lost).toBe(0);
  });

  it('tells once where an invocation goes on for longer than its points last, and counts what is in no row', () => {
    const errors: unknown[] = [];
    const { dataset, invalidations, recorder, timers } = setup({
      onError: (error) => void errors.push(error),
    });
    const times = 40;
    for (let time = 0; time < times; time++) {
      recorder.record(read());
      recorder.record(read({ model: 'User' }));
      recorder.record(invalidation());
      // Quiet, and written.
      timers.fire();
      timers.fire();
    }
    const written = dataset.points.length + invalidations.points.length;
    expect(written).toBeLessThanOrEqual(MAX_POINTS);
    expect(recorder.lost).toBeGreaterThan(0);
    const sum = dataset.sum(READS_KIND, READS.hitsL2);
    expect(sum + recorder.lost).toBeGreaterThanOrEqual(2 * times);
    expect(errors).toHaveLength(1);
    expect(isBoostError(errors[0], 'BOOST_ANALYTICS_FAILED')).toBe(true);
  });

  it('keeps the greatest of what is no sum', async () => {
    const { invalidations, recorder, flush } = setup();
    for (let at = 1; at <= 30; at++) recorder.record(invalidation({ deletes: at, lists: 1 }));
    await flush();
    const [row] = invalidations.of(WRITE_KIND);
    expect(row?.doubles[INVALIDATION.invalidations - 1]).toBe(30);
    expect(row?.doubles[INVALIDATION.deletes - 1]).toBe(465);
    expect(row?.doubles[INVALIDATION.mostDeletes - 1]).toBe(30);
    expect(row?.doubles[INVALIDATION.mostLists - 1]).toBe(1);
  });

  it('writes by itself once a request is quiet, and keeps points for what comes later', async () => {
    const { dataset, recorder, timers, kept } = setup();
    recorder.record(read());
    expect(kept).toHaveLength(1);
    timers.fire();
    recorder.record(read());
    timers.fire();
    expect(dataset.points).toHaveLength(0);
    timers.fire();
    expect(dataset.sum(READS_KIND, READS.hitsL2)).toBe(2);
    recorder.record(read({ model: 'User' }));
    timers.fire();
    timers.fire();
    await Promise.all(kept);
    expect(dataset.points.map(({ indexes }) => indexes[0])).toEqual(['Post', 'User']);
    expect(timers.waiting).toBe(0);
  });

  it('waits for no timer once it is flushed', async () => {
    const { dataset, recorder, kept, flush } = setup();
    recorder.record(read());
    await flush();
    await Promise.all(kept);
    expect(dataset.points).toHaveLength(1);
  });

  it('writes where rows pile up when there is no request', () => {
    const { dataset, recorder } = setup({ waitUntil: undefined });
    for (let at = 0; at < 100; at++) recorder.record(read({ model: `Model${String(at)}` }));
    expect(dataset.sum(READS_KIND, READS.hitsL2)).toBe(100);
  });

  it('is one for all clients of an invocation, as are its points', async () => {
    const { options, timers, dataset } = setup();
    const invocation = {};
    const recorder = recorderOf(options, invocation);
    expect(recorderOf({ ...options }, invocation)).toBe(recorder);
    const other = new RecordingDataset();
    const second = recorderOf({ ...options, dataset: other, invalidations: other }, invocation);
    expect(second).not.toBe(recorder);
    expect(recorderOf(options, {})).not.toBe(recorder);
    for (let at = 0; at < 20; at++) {
      recorder.record(read({ model: `Model${String(at)}` }));
      second.record(read({ model: `Model${String(at)}` }));
    }
    const flushed = [recorder.flush(), second.flush()];
    timers.fire(0);
    await Promise.all(flushed);
    // The second finds the points that are left for when the invocation is quiet.
    for (let look = 0; look < 2; look++) timers.fire();
    expect([dataset.points.length, other.points.length]).toEqual([17, 4]);
    expect(dataset.sum(READS_KIND, READS.hitsL2)).toBe(20);
    expect(other.sum(READS_KIND, READS.hitsL2)).toBe(20);
  });

  it('tells of a dataset that throws, and goes on', async () => {
    const errors: unknown[] = [];
    const broken = {
      writeDataPoint(): never {
        throw new Error('no dataset');
      },
    };
    const { recorder, flush, invalidations } = setup({
      dataset: broken,
      onError: (error) => void errors.push(error),
    });
    recorder.record(read());
    recorder.record(invalidation());
    await flush();
    expect(errors).toEqual([new Error('no dataset')]);
    expect(invalidations.points).toHaveLength(2);
  });

  it('keeps an index within 96 bytes, and texts within a row', async () => {
    const { dataset, invalidations, recorder, flush } = setup();
    recorder.record(read({ model: 'M'.repeat(120), tenant: 't'.repeat(10_000) }));
    recorder.record(invalidation({ model: 'é'.repeat(60) }));
    await flush();
    expect(dataset.points).toHaveLength(1);
    expect(invalidations.of(WRITE_KIND)[0]?.indexes[0]).toBe('é'.repeat(48));
  });

  it('writes to the binding of the platform', async () => {
    const errors: unknown[] = [];
    const { recorder, flush } = setup({
      dataset: bindings.CACHE_ANALYTICS,
      invalidations: bindings.CACHE_INVALIDATION_EVENTS,
      onError: (error) => void errors.push(error),
    });
    recorder.record(read());
    recorder.record(stored());
    recorder.record(invalidation());
    await flush();
    expect(errors).toEqual([]);
  });
});

describe('the options', () => {
  const dataset = new RecordingDataset();

  it.each<[string, unknown]>([
    ['analytics', null],
    ['analytics.dataset', {}],
    ['analytics.dataset', { dataset: {}, enabled: true }],
    ['analytics.enabled', { dataset, enabled: 'yes' }],
    ['analytics.invalidations', { dataset, invalidations: 'cacheInvalidationEvents' }],
    ['analytics.datasets', { dataset, datasets: [] }],
  ])('refuse a wrong %s', (option, given) => {
    let thrown: unknown;
    try {
      checkAnalyticsOptions(given as never);
    } catch (error) {
      thrown = error;
    }
    expect(isBoostError(thrown, 'BOOST_OPTION_INVALID')).toBe(true);
    expect(thrown).toHaveProperty('details.option', option);
  });

  it('need no dataset where analytics are off', () => {
    expect(() => checkAnalyticsOptions({ enabled: false } as never)).not.toThrow();
  });
});

import {
  INVALIDATION,
  PAIR_KIND,
  READS,
  READS_KIND,
  STORE,
  STORE_KIND,
  WRITE_KIND,
  type DataPoint,
} from '@boost/analytics';
import type { CacheAdapter } from '@boost/core';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { kvAdapter, openWorker } from './support.js';

const bindings = env as unknown as {
  readonly CACHE_ANALYTICS: AnalyticsEngineDataset;
  readonly CACHE_INVALIDATION_EVENTS: AnalyticsEngineDataset;
};

/** The platform's binding, and what went through it. */
function watched(binding: AnalyticsEngineDataset) {
  const points: DataPoint[] = [];
  const of = (kind: string, index: string): readonly number[] =>
    points.find(({ blobs, indexes }) => blobs[0] === kind && indexes[0] === index)?.doubles ?? [];
  return {
    points,
    of,
    writeDataPoint(point: DataPoint): void {
      points.push(point);
      binding.writeDataPoint(point);
    },
  };
}

/** Counts the calls and the keys of a store. */
function counted(adapter: CacheAdapter) {
  const counts = { calls: 0, reads: 0, writes: 0 };
  const getMany: CacheAdapter['getMany'] = (keys, options) => {
    counts.calls += 1;
    counts.reads += keys.length;
    return adapter.getMany(keys, options);
  };
  const set: CacheAdapter['set'] = (key, value, options) => {
    counts.calls += 1;
    counts.writes += 1;
    return adapter.set(key, value, options);
  };
  const store: CacheAdapter = Object.assign(
    Object.create(adapter, {
      capabilities: { value: adapter.capabilities },
      identity: { value: adapter.identity ?? adapter },
    }) as CacheAdapter,
    { getMany, set },
  );
  return { counts, store };
}

function executionContext() {
  const kept: Promise<unknown>[] = [];
  return { kept, waitUntil: (promise: Promise<unknown>) => void kept.push(promise) };
}

const ONE = { where: { id: 1 } } as const;

async function opened(own: { readonly enabled?: boolean } = {}) {
  const { cached } = await openWorker();
  const dataset = watched(bindings.CACHE_ANALYTICS);
  const invalidations = watched(bindings.CACHE_INVALIDATION_EVENTS);
  const { counts, store } = counted(kvAdapter());
  const request = () => {
    const executionCtx = executionContext();
    const analytics = { dataset, invalidations, enabled: true, ...own };
    const options = { accountTier: 'pro', adapter: store, executionCtx, analytics } as const;
    return { executionCtx, prisma: cached(options) };
  };
  return { dataset, invalidations, counts, request, cached };
}

describe('analytics on D1 and KV', () => {
  test('a request leaves a row per model, after its answer, and no call to the store', async () => {
    const { dataset, counts, request } = await opened();
    const first = request();
    await first.prisma.post.findUnique(ONE);
    await first.prisma.user.findMany();
    expect(dataset.points).toEqual([]);
    await first.prisma.$cleanup();
    await Promise.all(first.executionCtx.kept);
    const misses = (model: string) => dataset.of(READS_KIND, model)[READS.misses - 1];
    expect([misses('Post'), misses('User')]).toEqual([1, 1]);
    const ops = dataset.of(STORE_KIND, '*');
    expect(ops[STORE.reads - 1]).toBe(counts.reads);
    expect(ops[STORE.writes - 1]).toBe(counts.writes);

    dataset.points.length = 0;
    const second = request();
    const before = counts.calls;
    await second.prisma.post.findUnique(ONE);
    const asked = counts.calls - before;
    await second.prisma.$cleanup();
    expect(counts.calls - before).toBe(asked);
    expect(dataset.of(READS_KIND, 'Post')[READS.hitsL2 - 1]).toBe(1);
  });

  test('a write leaves a row of what it invalidated, and of each model that it reached', async () => {
    const { invalidations, request } = await opened();
    const { prisma } = request();
    await prisma.post.update({ ...ONE, data: { title: 'new' } });
    await prisma.$cleanup();
    const [row] = invalidations.points.filter(({ blobs }) => blobs[0] === WRITE_KIND);
    expect(row?.indexes).toEqual(['Post']);
    expect(row?.doubles[INVALIDATION.invalidations - 1]).toBe(1);
    const puts = row?.doubles[INVALIDATION.puts - 1] ?? 0;
    expect(puts).toBeGreaterThan(0);
    expect(row?.doubles[INVALIDATION.costUsd - 1]).toBeCloseTo(puts * 5e-6, 12);
    const pairs = invalidations.points.filter(({ blobs }) => blobs[0] === PAIR_KIND);
    expect(pairs.map(({ indexes }) => indexes[0])).toContain('Post>Post');
  });

  test('a write that changed nothing of what was read makes a needless miss', async () => {
    const { dataset, request } = await opened();
    const { prisma } = request();
    const read = () => prisma.post.findMany({ ...ONE, select: { id: true } });
    await read();
    await prisma.$cleanup();
    await prisma.$invalidateCache('Post');
    await read();
    await prisma.$cleanup();
    const rows = dataset.points.filter(({ indexes }) => indexes[0] === 'Post');
    const sum = (column: number) =>
      rows.reduce((total, { doubles }) => total + (doubles[column - 1] ?? 0), 0);
    expect([sum(READS.missesInvalidated), sum(READS.needless)]).toEqual([1, 1]);
    await prisma.post.update({ ...ONE, data: { title: 'other' } });
    await prisma.post.findMany(ONE);
    await prisma.$cleanup();
    expect(sum(READS.needless)).toBe(1);
  });

  test('without $cleanup the row is written by itself, with the request kept alive', async () => {
    const { dataset, request } = await opened();
    const { prisma, executionCtx } = request();
    await prisma.post.findUnique(ONE);
    await Promise.all(executionCtx.kept);
    expect(dataset.points.length).toBeGreaterThan(0);
  });

  test('switched off, nothing is written', async () => {
    const { dataset, request } = await opened({ enabled: false });
    const { prisma } = request();
    await prisma.post.findUnique(ONE);
    await prisma.$cleanup();
    expect(dataset.points).toEqual([]);
  });

  test('a dataset that throws changes nothing for the caller', async () => {
    const { cached } = await opened();
    const errors: string[] = [];
    const dataset = {
      writeDataPoint(): never {
        throw new Error('refused');
      },
    };
    const prisma = cached({
      analytics: { dataset, invalidations: dataset },
      onError: (_, operation) => void errors.push(operation),
    });
    await prisma.post.update({ ...ONE, data: { title: 'kept' } });
    expect(await prisma.post.findUnique(ONE)).toMatchObject({ title: 'kept' });
    await prisma.$cleanup();
    expect(new Set(errors)).toEqual(new Set(['analytics']));
  });
});

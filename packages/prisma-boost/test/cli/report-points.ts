import { Recorder, type DataPoint } from '@boost/analytics';
import type { EngineEvent } from '@boost/core';

/** A data point as sampling leaves it. */
export interface Kept {
  readonly dataset: 'cachePerformance' | 'cacheInvalidationEvents';
  readonly point: DataPoint;
  readonly timestamp: Date;
  readonly sampleInterval: number;
}

const HOUR_MS = 3_600_000;

function read(own: object): EngineEvent {
  return {
    ...{ type: 'read', model: 'Post', action: 'findMany', status: 'hit-l2', coalesced: false },
    ...{ scopes: [], tenant: undefined, databaseMs: 0, size: 0, isNeedless: false },
    ...own,
  };
}

function invalidation(own: object): EngineEvent {
  return {
    ...{ type: 'invalidate', model: 'Post', tenant: undefined, scopes: ['Post*', 'Comment*'] },
    ...{ affected: [], puts: 2, deleted: 0, deletes: 0, lists: 0, reads: 0, incomplete: false },
    costEstimate: 1e-5,
    ...own,
  };
}

function store(operation: 'get' | 'set', billed: number): EngineEvent {
  return { type: 'store', operation, keys: billed, billed, ok: true };
}

/** Requests that were alike, of which sampling keeps one. The last are too old for any table. */
const REQUESTS: readonly { agoMs: number; times: number; events: readonly EngineEvent[] }[] = [
  {
    ...{ agoMs: HOUR_MS, times: 8 },
    events: [
      read({ tenant: 'acme', databaseMs: 20 }),
      read({ tenant: 'acme', status: 'miss', reason: 'absent', databaseMs: 45 }),
      read({ model: 'User', action: 'findUnique', tenant: 'small\u001B[2J' }),
      store('get', 6),
      store('set', 1),
      invalidation({}),
    ],
  },
  {
    ...{ agoMs: HOUR_MS, times: 75_000 },
    events: [read({ tenant: 'acme' })],
  },
  {
    ...{ agoMs: 30 * HOUR_MS, times: 3 },
    events: [
      read({
        ...{ status: 'miss', reason: 'invalidated by Post!', isNeedless: true, databaseMs: 90 },
        action: 'count',
      }),
      store('get', 2),
      invalidation({ fallbackReason: 'max-deletes', deleted: 600, lists: 6, costEstimate: 0.004 }),
    ],
  },
  {
    ...{ agoMs: 40 * 24 * HOUR_MS, times: 50 },
    events: [read({ model: 'Old' }), store('get', 9), invalidation({ model: 'Old' })],
  },
];

/** A request is quiet at once. */
const timers = {
  set(_delayMs: number, run: () => void) {
    run();
    return () => undefined;
  },
};

/** What the requests of the tests write, as it is kept. */
export async function keptPoints(nowMs: number): Promise<readonly Kept[]> {
  const kept: Kept[] = [];
  for (const { agoMs, times, events } of REQUESTS) {
    const into = (dataset: Kept['dataset']) => ({
      writeDataPoint(point: DataPoint) {
        kept.push({ dataset, point, timestamp: new Date(nowMs - agoMs), sampleInterval: times });
      },
    });
    const recorder = new Recorder({
      dataset: into('cachePerformance'),
      invalidations: into('cacheInvalidationEvents'),
      ports: { timers },
    });
    for (const event of events) recorder.record(event);
    await recorder.flush();
  }
  return kept;
}

/** The same as a file of events has it. */
export function eventsFile(kept: readonly Kept[]): string {
  return kept
    .map(({ point, timestamp, sampleInterval }) =>
      JSON.stringify({ timestamp, _sample_interval: sampleInterval, ...point }),
    )
    .join('\n');
}

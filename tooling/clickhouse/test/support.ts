import { Recorder, type DataPoint } from '@boost/analytics';
import type { EngineEvent } from '@boost/core';
import type { SampledPoint } from '../index.mjs';

/** The points that a request of these events writes. */
export async function pointsOf(
  events: readonly EngineEvent[],
): Promise<{ readonly reads: DataPoint[]; readonly invalidations: DataPoint[] }> {
  const [reads, invalidations]: DataPoint[][] = [[], []];
  const into = (points: DataPoint[] | undefined) => ({
    writeDataPoint: (point: DataPoint) => void points?.push(point),
  });
  const timers = {
    set(_delayMs: number, run: () => void) {
      run();
      return () => undefined;
    },
  };
  const recorder = new Recorder({
    dataset: into(reads),
    invalidations: into(invalidations),
    ports: { timers },
  });
  for (const event of events) recorder.record(event);
  await recorder.flush();
  return { reads: reads ?? [], invalidations: invalidations ?? [] };
}

export const HOUR_MS = 3_600_000;

/** A point as sampling leaves it: one row that stands for `sampleInterval` requests that were alike. */
export function sampled(
  points: readonly DataPoint[],
  timestamp: Date,
  sampleInterval: number,
): SampledPoint[] {
  return points.map((point) => ({ point, timestamp, sampleInterval }));
}

export function readEvent(own: object): EngineEvent {
  return {
    type: 'read',
    model: 'Post',
    action: 'findMany',
    status: 'hit-l2',
    coalesced: false,
    scopes: [],
    tenant: undefined,
    databaseMs: 0,
    size: 0,
    isNeedless: false,
    ...own,
  };
}

export function invalidation(own: object): EngineEvent {
  return {
    type: 'invalidate',
    model: 'Post',
    tenant: undefined,
    scopes: ['Post!'],
    affected: [],
    puts: 1,
    deleted: 0,
    deletes: 0,
    lists: 0,
    reads: 0,
    incomplete: false,
    costEstimate: 5e-6,
    ...own,
  };
}

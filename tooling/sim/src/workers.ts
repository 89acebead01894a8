import { Worker } from 'node:worker_threads';
import { runSeeds, type Range } from './seeds.ts';

/** Plays a range of seeds in so many threads, a part of it in each; returns the sums. */
export async function runWorkers(range: Range, workers: number): Promise<Map<string, number>> {
  if (workers === 1) return runSeeds(range);
  const { from, seeds } = range;
  const part = Math.ceil(seeds / workers);
  const running = Array.from({ length: workers }, (_, index) => {
    const begin = from + index * part;
    const own = { ...range, from: begin, seeds: Math.max(0, Math.min(part, from + seeds - begin)) };
    return inThread(own);
  });
  const sums = new Map<string, number>();
  for (const own of await Promise.all(running)) {
    for (const [name, value] of own) sums.set(name, (sums.get(name) ?? 0) + value);
  }
  return sums;
}

function inThread(range: Range): Promise<Map<string, number>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: range });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

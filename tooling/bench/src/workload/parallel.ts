import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Tally } from './run.ts';
import type { Task } from './task.ts';

/**
 * Runs the tasks in as many workers as the machine has processors. Tallies by position of their task.
 *
 * @throws what a worker throws
 */
export async function runAll(tasks: readonly Task[]): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  const waiting = [...tasks.entries()];
  const lane = async (): Promise<void> => {
    const worker = new Worker(new URL('worker.ts', import.meta.url));
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [position, task] = next;
        worker.postMessage(task);
        // Rejects at the worker's `error` event.
        const [tally] = (await once(worker, 'message')) as [Tally];
        tallies[position] = tally;
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return tallies;
}

import { parentPort, workerData } from 'node:worker_threads';
import { runSeeds, type Range } from './seeds.ts';

Error.stackTraceLimit = 0;
parentPort?.postMessage(await runSeeds(workerData as Range));

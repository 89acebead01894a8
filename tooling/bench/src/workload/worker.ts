import { parentPort } from 'node:worker_threads';
import { parseConfig } from '@boost/core';
import * as config from '../../prisma/generated/cache/cacheConfig.js';
import { run } from './run.ts';
import { STRATEGIES } from './strategies/strategies.ts';
import type { Task } from './task.ts';

const schema = parseConfig(config);

/** One task at a time; what it throws ends the worker. */
async function answer(task: Task): Promise<void> {
  parentPort?.postMessage(await run({ ...task, schema, strategy: STRATEGIES[task.strategy] }));
}

parentPort?.on('message', (task: Task) => void answer(task));

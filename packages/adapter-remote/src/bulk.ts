import { isBoostError, utf8Length } from '@boost/core';
import { ApiFailure, unanswered } from './api-failure.js';
import type { ApiAnswer } from './api-client.js';
import { MAX_BULK_WRITE_BYTES, MAX_KEYS_PER_BULK_WRITE } from './limits.js';

export interface BulkItem {
  readonly name: string;
  /** As it stands in the request. */
  readonly json: string;
}

/** Splits what is sent at once by number and by size. */
export function chunksOf(items: Iterable<BulkItem>): BulkItem[][] {
  const chunks: BulkItem[][] = [];
  let chunk: BulkItem[] = [];
  let bytes = 2;
  for (const item of items) {
    const itemBytes = utf8Length(item.json) + 1;
    const isFull =
      chunk.length === MAX_KEYS_PER_BULK_WRITE || bytes + itemBytes > MAX_BULK_WRITE_BYTES;
    if (isFull && chunk.length > 0) {
      chunks.push(chunk);
      chunk = [];
      bytes = 2;
    }
    chunk.push(item);
    bytes += itemBytes;
  }
  return chunk.length === 0 ? chunks : [...chunks, chunk];
}

/**
 * Sends a chunk until nothing of it is left or the attempts are used up; what the API did not take is sent again alone.
 *
 * @param run - repeats the attempt as long as it fails with what may pass
 * @returns what was not taken, by name
 */
export async function sendChunk(
  chunk: readonly BulkItem[],
  run: (attempt: (signal: AbortSignal) => Promise<void>) => Promise<void>,
  send: (body: string, signal: AbortSignal) => Promise<ApiAnswer>,
): Promise<Map<string, unknown>> {
  let pending = chunk;
  try {
    await run(async (signal) => {
      const answer = await send(`[${pending.map(({ json }) => json).join(',')}]`, signal);
      const refused = refusedOf(answer.result);
      if (refused === undefined || refused.size === 0) {
        if (answer.failure !== undefined) throw answer.failure;
        pending = [];
        return;
      }
      pending = pending.filter(({ name }) => refused.has(name));
      throw partly(answer, refused.size);
    });
  } catch (error) {
    if (!isBoostError(error)) throw error;
    return new Map(pending.map(({ name }) => [name, error]));
  }
  return new Map();
}

/** Undefined where the answer does not tell. */
function refusedOf(result: unknown): Set<unknown> | undefined {
  const { unsuccessful_keys: names } = (result ?? {}) as { unsuccessful_keys?: unknown };
  return Array.isArray(names) ? new Set(names) : undefined;
}

/** Keys that were refused alone tell nothing of the API as a whole, whatever the status of the answer. */
function partly({ failure }: ApiAnswer, count: number): ApiFailure {
  const { error, retryAfterMs } =
    failure ?? unanswered('write all keys', `it did not take ${count} of them`);
  return new ApiFailure(error, { isTransient: true, isOutage: false, retryAfterMs });
}

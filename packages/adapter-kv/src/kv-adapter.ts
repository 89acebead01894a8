import {
  assertEntry,
  assertKey,
  assertListLimit,
  assertNotAborted,
  BoostError,
  type AdapterCapabilities,
  type CacheAdapter,
  type CallOptions,
  type DeleteManyOptions,
  type DeleteManyResult,
  type ListOptions,
  type ListResult,
  type WriteOptions,
} from '@boost/core';
import { kvError } from './kv-error.js';
import type { KVNamespaceLike } from './kv-namespace.js';
import {
  MAX_KEY_BYTES,
  MAX_KEYS_PER_BULK_GET,
  MAX_KEYS_PER_LIST,
  MAX_OPEN_CONNECTIONS,
  MAX_VALUE_BYTES,
  MIN_CACHE_TTL_SECONDS,
  MIN_EXPIRATION_TTL_SECONDS,
} from './limits.js';

export interface KVAdapterOptions {
  /** The KV binding. */
  readonly kv: KVNamespaceLike;
  /**
   * Seconds for which a data centre may answer from its own copy, at least 30. Shorter: writes elsewhere are seen sooner, more
   * reads travel.
   *
   * @defaultValue KV's own, 60
   */
  readonly cacheTtl?: number;
}

const CAPABILITIES: AdapterCapabilities = {
  maxKeyBytes: MAX_KEY_BYTES,
  maxValueBytes: MAX_VALUE_BYTES,
  minTtlSeconds: MIN_EXPIRATION_TTL_SECONDS,
  maxKeysPerGet: MAX_KEYS_PER_BULK_GET,
  consistency: 'eventual',
  shared: true,
  list: true,
  tier: 'l2',
};

/**
 * Workers KV as the store.
 *
 * @throws BoostError `BOOST_OPTION_INVALID` without a binding, or with a `cacheTtl` below 30
 */
export function createKVAdapter(options: KVAdapterOptions): CacheAdapter {
  const { kv, cacheTtl } = options;
  if (typeof kv !== 'object' || kv === null || typeof kv.get !== 'function') {
    throw invalid(
      'kv',
      'createKVAdapter needs the KV binding: createKVAdapter({ kv: env.CACHE }), with CACHE in [[kv_namespaces]]',
    );
  }
  if (
    cacheTtl !== undefined &&
    !(Number.isInteger(cacheTtl) && cacheTtl >= MIN_CACHE_TTL_SECONDS)
  ) {
    throw invalid(
      'cacheTtl',
      `cacheTtl is ${String(cacheTtl)}; give whole seconds, at least ${MIN_CACHE_TTL_SECONDS}`,
    );
  }
  return new KVAdapter(kv, cacheTtl);
}

function invalid(option: string, message: string): BoostError {
  return new BoostError('BOOST_OPTION_INVALID', message, { details: { option } });
}

class KVAdapter implements CacheAdapter {
  readonly name = 'kv';
  readonly capabilities: AdapterCapabilities = CAPABILITIES;
  readonly identity: object;
  readonly #kv: KVNamespaceLike;
  readonly #cacheTtl: number | undefined;

  constructor(kv: KVNamespaceLike, cacheTtl: number | undefined) {
    this.identity = kv;
    this.#kv = kv;
    this.#cacheTtl = cacheTtl;
  }

  async get(key: string, options?: CallOptions): Promise<string | null> {
    return (await this.getMany([key], options)).get(key) ?? null;
  }

  async getMany(
    keys: readonly string[],
    options: CallOptions = {},
  ): Promise<Map<string, string | null>> {
    assertNotAborted(this.name, options);
    const distinct = [...new Set(keys)];
    for (const key of distinct) assertKey(this.name, CAPABILITIES, key);
    const chunks = chunked(distinct, MAX_KEYS_PER_BULK_GET);
    const found = await Promise.all(chunks.map((chunk) => this.#getChunk(chunk)));
    return new Map(found.flatMap((values) => [...values]));
  }

  async set(key: string, value: string, options: WriteOptions): Promise<void> {
    assertNotAborted(this.name, options);
    assertKey(this.name, CAPABILITIES, key);
    assertEntry(this.name, CAPABILITIES, value, options.ttlSeconds);
    await asKVError('put', () => this.#kv.put(key, value, { expirationTtl: options.ttlSeconds }));
  }

  async delete(key: string, options: CallOptions = {}): Promise<void> {
    assertNotAborted(this.name, options);
    assertKey(this.name, CAPABILITIES, key);
    await asKVError('delete', () => this.#kv.delete(key));
  }

  /** The binding deletes one key at a time: as many at once as a Worker may have connections. */
  async deleteMany(
    keys: readonly string[],
    options: DeleteManyOptions = {},
  ): Promise<DeleteManyResult> {
    const { concurrency = MAX_OPEN_CONNECTIONS } = options;
    const failed = new Map<string, unknown>();
    const pending = [...new Set(keys)];
    const total = pending.length;
    const work = async (): Promise<void> => {
      for (let key = pending.shift(); key !== undefined; key = pending.shift()) {
        try {
          await this.delete(key, options);
        } catch (error) {
          failed.set(key, error);
        }
      }
    };
    await Promise.all(
      Array.from({ length: Math.min(MAX_OPEN_CONNECTIONS, concurrency, total) }, work),
    );
    return { deleted: total - failed.size, failed };
  }

  async list(prefix: string, options: ListOptions = {}): Promise<ListResult> {
    assertNotAborted(this.name, options);
    const { limit = MAX_KEYS_PER_LIST, cursor } = options;
    assertListLimit(limit);
    const asked = {
      prefix,
      limit: Math.min(limit, MAX_KEYS_PER_LIST),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const found = await asKVError('list', () => this.#kv.list(asked));
    const keys = found.keys.map(({ name }) => name);
    return found.list_complete || found.cursor === undefined
      ? { keys }
      : { keys, cursor: found.cursor };
  }

  async #getChunk(keys: string[]): Promise<Map<string, string | null>> {
    const cacheTtl = this.#cacheTtl === undefined ? {} : { cacheTtl: this.#cacheTtl };
    const values = await asKVError('get', () => this.#kv.get(keys, { type: 'text', ...cacheTtl }));
    return new Map(keys.map((key) => [key, values.get(key) ?? null]));
  }
}

async function asKVError<Result>(operation: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    throw kvError(operation, error);
  }
}

function chunked<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += size)
    chunks.push(items.slice(start, start + size));
  return chunks;
}

import {
  assertEntry,
  assertKey,
  assertListLimit,
  assertNotAborted,
  BoostError,
  isBoostError,
  type AdapterCapabilities,
  type CacheAdapter,
  type CallOptions,
  type DeleteManyResult,
  type ListOptions,
  type ListResult,
  type WriteOptions,
} from '@boost/core';
import type { RedisClientType } from 'redis';
import { compareBytes, escapeGlob } from './text.ts';

/** What `createClient` of the package `redis` returns. */
type RedisClient = RedisClientType;

export interface RedisAdapterOptions {
  /** A connected client of the primary: replicas answer with what is older. Not one that is subscribed. */
  readonly client: RedisClient;
  /** What every key in Redis begins with. @defaultValue '' */
  readonly prefix?: string;
}

const CAPABILITIES: AdapterCapabilities = {
  // Redis takes 512 MB; longer ones than this are a mistake.
  maxKeyBytes: 4_096,
  // https://redis.io/docs/latest/develop/data-types/strings/
  maxValueBytes: 512 * 1024 * 1024,
  minTtlSeconds: 1,
  maxKeysPerGet: 1_000,
  consistency: 'strong',
  shared: true,
  list: true,
  tier: 'l2',
};
const DEFAULT_LIST_LIMIT = 1_000;
const KEYS_PER_COMMAND = 1_000;

/**
 * Redis as the store.
 *
 * @throws BoostError `BOOST_OPTION_INVALID` without a client
 */
export function createRedisAdapter({ client, prefix = '' }: RedisAdapterOptions): CacheAdapter {
  if (typeof client?.mGet !== 'function') {
    throw new BoostError(
      'BOOST_OPTION_INVALID',
      'createRedisAdapter needs a client: createRedisAdapter({ client: await createClient({ url }).connect() })',
      { details: { option: 'client' } },
    );
  }
  return new RedisAdapter(client, prefix);
}

class RedisAdapter implements CacheAdapter {
  readonly name = 'redis';
  readonly capabilities = CAPABILITIES;
  readonly identity: object;
  readonly #client: RedisClient;
  readonly #prefix: string;

  constructor(client: RedisClient, prefix: string) {
    this.identity = client;
    this.#client = client;
    this.#prefix = prefix;
  }

  async get(key: string, options: CallOptions = {}): Promise<string | null> {
    return (await this.getMany([key], options)).get(key) ?? null;
  }

  async getMany(
    keys: readonly string[],
    options: CallOptions = {},
  ): Promise<Map<string, string | null>> {
    const distinct = [...new Set(keys)];
    const chunks = await Promise.all(
      chunked(distinct.map((key) => this.#nameOf(key))).map((names) =>
        this.#call('get', options.signal, (client) => client.mGet(names)),
      ),
    );
    const values = chunks.flat();
    return new Map(distinct.map((key, index) => [key, values[index] ?? null]));
  }

  async set(key: string, value: string, options: WriteOptions): Promise<void> {
    const { ttlSeconds, signal, authoritative = false } = options;
    const name = this.#nameOf(key);
    assertEntry(this.name, CAPABILITIES, value, ttlSeconds);
    const put = (client: RedisClient): Promise<unknown> =>
      client.set(name, value, { expiration: { type: 'EX', value: ttlSeconds } });
    // Who waits for an epoch has to know when it arrives late: it may have overwritten a later one.
    await this.#call('set', signal, put, { mayArriveLate: authoritative });
  }

  async delete(key: string, options: CallOptions = {}): Promise<void> {
    const name = this.#nameOf(key);
    await this.#call('delete', options.signal, (client) => client.unlink(name));
  }

  async deleteMany(keys: readonly string[], options: CallOptions = {}): Promise<DeleteManyResult> {
    const distinct = [...new Set(keys)];
    const failed = new Map<string, unknown>();
    const names = new Map<string, string>();
    for (const key of distinct) {
      try {
        names.set(key, this.#nameOf(key));
      } catch (error) {
        failed.set(key, error);
      }
    }
    for (const chunk of chunked([...names])) {
      try {
        const some = chunk.map(([, name]) => name);
        await this.#call('delete', options.signal, (client) => client.unlink(some));
      } catch (error) {
        for (const [key] of chunk) failed.set(key, error);
      }
    }
    return { deleted: distinct.length - failed.size, failed };
  }

  /** Redis has no order: every page reads all keys of the prefix, and the cursor is the last key. */
  async list(prefix: string, options: ListOptions = {}): Promise<ListResult> {
    const { limit = DEFAULT_LIST_LIMIT, cursor, signal } = options;
    assertListLimit(limit);
    const match = `${escapeGlob(this.#prefix + prefix)}*`;
    const found = await this.#call('list', signal, async (client) => {
      const names = new Set<string>();
      for await (const page of client.scanIterator({ MATCH: match, COUNT: KEYS_PER_COMMAND })) {
        for (const name of page) names.add(name);
      }
      return names;
    });
    const left = [...found]
      .map((name) => name.slice(this.#prefix.length))
      .filter((key) => cursor === undefined || compareBytes(key, cursor) > 0)
      .sort(compareBytes);
    const keys = left.slice(0, limit);
    const last = keys.at(-1);
    return last === undefined || keys.length === left.length ? { keys } : { keys, cursor: last };
  }

  #nameOf(key: string): string {
    assertKey(this.name, CAPABILITIES, key);
    return this.#prefix + key;
  }

  /** A command that has not been sent is taken back when the signal fires; nobody waits for one that has. */
  async #call<Result>(
    operation: string,
    signal: AbortSignal | undefined,
    run: (client: RedisClient) => Promise<Result>,
    { mayArriveLate = false } = {},
  ): Promise<Result> {
    assertNotAborted(this.name, signal === undefined ? {} : { signal });
    try {
      if (signal === undefined || mayArriveLate) return await run(this.#client);
      return await untilAborted(signal, run(this.#client.withAbortSignal(signal)));
    } catch (cause) {
      if (isAborted(signal) && !mayArriveLate) throw aborted(operation, signal?.reason);
      throw new BoostError('BOOST_STORE_FAILED', `Redis failed to ${operation}; see the cause`, {
        cause,
        details: { store: 'redis', operation },
      });
    }
  }
}

/** Asked anew, since it changes while a command is on its way. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function untilAborted<Result>(signal: AbortSignal, run: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Error('aborted', { cause: signal.reason }));
    signal.addEventListener('abort', abort, { once: true });
    run.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function aborted(operation: string, reason: unknown): BoostError {
  if (isBoostError(reason)) return reason;
  return new BoostError('BOOST_STORE_TIMEOUT', `The ${operation} of Redis was aborted`, {
    cause: reason,
    details: { store: 'redis', operation },
  });
}

function chunked<Item>(items: readonly Item[]): Item[][] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += KEYS_PER_COMMAND) {
    chunks.push(items.slice(start, start + KEYS_PER_COMMAND));
  }
  return chunks;
}

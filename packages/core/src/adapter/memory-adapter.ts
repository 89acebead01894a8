import { BoostError } from '../error.js';
import type { Clock } from '../ports.js';
import type {
  AdapterCapabilities,
  CacheAdapter,
  CallOptions,
  DeleteManyResult,
  ListOptions,
  ListResult,
} from './adapter.js';
import { assertEntry, assertKey } from './limits.js';

export interface MemoryAdapterOptions {
  readonly clock: Clock;
  /**
   * Most bytes kept, keys and values at two bytes per UTF-16 unit; beyond it what was used longest ago goes first.
   *
   * @defaultValue 67_108_864 (64 MiB)
   */
  readonly maxBytes?: number;
  /**
   * True where every reader and writer of the database runs in this process, so that epochs may live here. Tests use it as a
   * shared store without lag.
   *
   * @defaultValue false
   */
  readonly shared?: boolean;
}

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
const DEFAULT_LIST_LIMIT = 1_000;

interface Stored {
  readonly value: string;
  readonly expiresAtMs: number;
  readonly bytes: number;
}

/**
 * A store in this process's memory: exact, without lag, gone with the process.
 *
 * @throws BoostError `BOOST_OPTION_INVALID` when `maxBytes` is not a positive number
 */
export function createMemoryAdapter(options: MemoryAdapterOptions): CacheAdapter {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  if (!(maxBytes > 0)) {
    throw new BoostError(
      'BOOST_OPTION_INVALID',
      `maxBytes of the memory adapter is ${maxBytes}; give a positive number of bytes`,
      { details: { option: 'maxBytes' } },
    );
  }
  return new MemoryAdapter(options.clock, maxBytes, options.shared ?? false);
}

class MemoryAdapter implements CacheAdapter {
  readonly name = 'memory';
  readonly capabilities: AdapterCapabilities;
  readonly #clock: Clock;
  readonly #maxBytes: number;
  /** In the order of last use. */
  readonly #entries = new Map<string, Stored>();
  #bytes = 0;

  constructor(clock: Clock, maxBytes: number, shared: boolean) {
    this.#clock = clock;
    this.#maxBytes = maxBytes;
    this.capabilities = {
      maxKeyBytes: 512,
      maxValueBytes: Math.min(25 * 1024 * 1024, maxBytes),
      minTtlSeconds: 0,
      maxKeysPerGet: Number.MAX_SAFE_INTEGER,
      consistency: 'strong',
      shared,
      list: true,
      tier: 'memory',
    };
  }

  async get(key: string, options: CallOptions = {}): Promise<string | null> {
    return (await this.getMany([key], options)).get(key) ?? null;
  }

  getNow(key: string): string | null {
    return this.#read(key);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous, so a bad call rejects
  async getMany(
    keys: readonly string[],
    options: CallOptions = {},
  ): Promise<Map<string, string | null>> {
    throwIfAborted(options);
    return new Map(keys.map((key) => [key, this.#read(key)]));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous, so a bad call rejects
  async set(
    key: string,
    value: string,
    options: CallOptions & { readonly ttlSeconds: number },
  ): Promise<void> {
    throwIfAborted(options);
    assertKey(this.name, this.capabilities, key);
    assertEntry(this.name, this.capabilities, value, options.ttlSeconds);
    this.#remove(key);
    const bytes = (key.length + value.length) * 2;
    const expiresAtMs = this.#clock.now() + options.ttlSeconds * 1_000;
    this.#entries.set(key, { value, expiresAtMs, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#remove(oldest);
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous, so a bad call rejects
  async delete(key: string, options: CallOptions = {}): Promise<void> {
    throwIfAborted(options);
    this.#remove(key);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous, so a bad call rejects
  async deleteMany(keys: readonly string[], options: CallOptions = {}): Promise<DeleteManyResult> {
    throwIfAborted(options);
    for (const key of keys) this.#remove(key);
    return { deleted: keys.length, failed: new Map() };
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous, so a bad call rejects
  async list(prefix: string, options: ListOptions = {}): Promise<ListResult> {
    throwIfAborted(options);
    const { limit = DEFAULT_LIST_LIMIT, cursor } = options;
    const now = this.#clock.now();
    const matching: string[] = [];
    for (const [key, { expiresAtMs }] of this.#entries) {
      if (!key.startsWith(prefix) || expiresAtMs <= now) continue;
      if (cursor === undefined || key > cursor) matching.push(key);
    }
    const keys = matching.sort(byCodeUnit).slice(0, limit);
    const last = keys.at(-1);
    return last === undefined || keys.length === matching.length
      ? { keys }
      : { keys, cursor: last };
  }

  #read(key: string): string | null {
    const stored = this.#entries.get(key);
    if (stored === undefined) return null;
    this.#entries.delete(key);
    if (stored.expiresAtMs <= this.#clock.now()) {
      this.#bytes -= stored.bytes;
      return null;
    }
    this.#entries.set(key, stored);
    return stored.value;
  }

  #remove(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}

/** Keys are ASCII, so the order of code units is that of bytes. */
function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function throwIfAborted({ signal }: CallOptions): void {
  if (signal?.aborted !== true) return;
  throw new BoostError('BOOST_STORE_TIMEOUT', 'The call to the memory store was aborted', {
    cause: signal.reason,
  });
}

import type { Clock } from '../ports.js';
import type {
  AdapterCapabilities,
  CacheAdapter,
  CallOptions,
  DeleteManyResult,
  ListOptions,
  ListResult,
  WriteOptions,
} from './adapter.js';
import { assertEntry, assertKey, assertListLimit, assertNotAborted } from './limits.js';

export interface MemoryAdapterOptions {
  readonly clock: Clock;
  /**
   * Where entries are kept: an `LRUCache` of the package `lru-cache` with a `maxSize` in bytes, for one.
   *
   * @defaultValue a `Map`, which keeps what has expired until it is asked for
   */
  readonly entries?: MemoryEntries;
  /**
   * Largest value in bytes.
   *
   * @defaultValue 26_214_400 (25 MiB)
   */
  readonly maxValueBytes?: number;
  /**
   * True where every reader and writer of the database runs in this process, so that epochs may live here. Tests use it as a
   * shared store without lag.
   *
   * @defaultValue false
   */
  readonly shared?: boolean;
}

/** As much of a `Map` as the adapter uses. It may lose entries at any time. */
export interface MemoryEntries {
  get(key: string): MemoryEntry | undefined;
  /** @param options.size - bytes of key and value, at two per UTF-16 unit */
  set(key: string, entry: MemoryEntry, options: { readonly size: number }): unknown;
  delete(key: string): unknown;
  entries(): Iterable<[string, MemoryEntry]>;
}

export interface MemoryEntry {
  readonly value: string;
  readonly expiresAtMs: number;
}

const MAX_VALUE_BYTES = 25 * 1024 * 1024;
const DEFAULT_LIST_LIMIT = 1_000;

/** A store in this process's memory: exact, without lag, gone with the process. */
export function createMemoryAdapter(options: MemoryAdapterOptions): CacheAdapter {
  return new MemoryAdapter(options);
}

class MemoryAdapter implements CacheAdapter {
  readonly name = 'memory';
  readonly capabilities: AdapterCapabilities;
  readonly #clock: Clock;
  readonly #entries: MemoryEntries;

  constructor({ clock, entries, maxValueBytes, shared = false }: MemoryAdapterOptions) {
    this.#clock = clock;
    this.#entries = entries ?? new Map<string, MemoryEntry>();
    this.capabilities = {
      maxKeyBytes: 512,
      maxValueBytes: maxValueBytes ?? MAX_VALUE_BYTES,
      minTtlSeconds: 0,
      maxKeysPerGet: Number.MAX_SAFE_INTEGER,
      consistency: 'strong',
      shared,
      list: true,
      tier: 'memory',
    };
  }

  async get(key: string, options?: CallOptions): Promise<string | null> {
    return (await this.getMany([key], options)).get(key) ?? null;
  }

  getNow(key: string): string | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    if (entry.expiresAtMs > this.#clock.now()) return entry.value;
    this.#entries.delete(key);
    return null;
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous, so a bad call rejects
  async getMany(
    keys: readonly string[],
    options: CallOptions = {},
  ): Promise<Map<string, string | null>> {
    assertNotAborted(this.name, options);
    for (const key of keys) assertKey(this.name, this.capabilities, key);
    return new Map(keys.map((key) => [key, this.getNow(key)]));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous, so a bad call rejects
  async set(key: string, value: string, options: WriteOptions): Promise<void> {
    const { ttlSeconds } = options;
    assertNotAborted(this.name, options);
    assertKey(this.name, this.capabilities, key);
    assertEntry(this.name, this.capabilities, value, ttlSeconds);
    const expiresAtMs = this.#clock.now() + ttlSeconds * 1_000;
    this.#entries.set(key, { value, expiresAtMs }, { size: (key.length + value.length) * 2 });
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous, so a bad call rejects
  async delete(key: string, options: CallOptions = {}): Promise<void> {
    assertNotAborted(this.name, options);
    assertKey(this.name, this.capabilities, key);
    this.#entries.delete(key);
  }

  async deleteMany(keys: readonly string[], options: CallOptions = {}): Promise<DeleteManyResult> {
    assertNotAborted(this.name, options);
    const failed = new Map<string, unknown>();
    const distinct = new Set(keys);
    for (const key of distinct) {
      await this.delete(key, options).catch((error: unknown) => failed.set(key, error));
    }
    return { deleted: distinct.size - failed.size, failed };
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous, so a bad call rejects
  async list(prefix: string, options: ListOptions = {}): Promise<ListResult> {
    const { limit = DEFAULT_LIST_LIMIT, cursor } = options;
    assertNotAborted(this.name, options);
    assertListLimit(limit);
    const now = this.#clock.now();
    const matching: string[] = [];
    for (const [key, { expiresAtMs }] of this.#entries.entries()) {
      if (!key.startsWith(prefix) || expiresAtMs <= now) continue;
      if (cursor === undefined || key > cursor) matching.push(key);
    }
    const keys = matching.sort(byCodeUnit).slice(0, limit);
    const last = keys.at(-1);
    return last === undefined || keys.length === matching.length
      ? { keys }
      : { keys, cursor: last };
  }
}

/** Keys are ASCII, so the order of code units is that of bytes. */
function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : 1;
}

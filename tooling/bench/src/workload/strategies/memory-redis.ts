import type { RedisApi } from 'prisma-extension-redis';

interface Stored {
  readonly value: string;
  readonly expiresMs: number;
}

/** What the peer asks of a Redis, in memory and on the clock of the run. */
export class MemoryRedis implements RedisApi {
  /** The key that was stored last. */
  lastSet: string | undefined;
  readonly #values = new Map<string, Stored>();
  readonly #nowMs: () => number;
  readonly #onRemoved: (key: string) => void;

  constructor(nowMs: () => number, onRemoved: (key: string) => void) {
    this.#nowMs = nowMs;
    this.#onRemoved = onRemoved;
  }

  get(key: string): Promise<string | null> {
    const stored = this.#values.get(key);
    if (stored !== undefined && stored.expiresMs <= this.#nowMs()) this.#remove(key);
    return Promise.resolve(this.#values.get(key)?.value ?? null);
  }

  set(key: string, value: string, ttlSeconds?: number): Promise<unknown> {
    const lifetimeMs = ttlSeconds === undefined ? Infinity : ttlSeconds * 1000;
    this.#values.set(key, { value, expiresMs: this.#nowMs() + lifetimeMs });
    this.lastSet = key;
    return Promise.resolve('OK');
  }

  jsonGet(key: string): Promise<string | null> {
    return this.get(key);
  }

  jsonSet(key: string, value: string, ttlSeconds?: number): Promise<unknown> {
    return this.set(key, value, ttlSeconds);
  }

  del(keys: string[]): Promise<number> {
    return Promise.resolve(keys.filter((key) => this.#remove(key)).length);
  }

  unlink(keys: string[]): Promise<number> {
    return this.del(keys);
  }

  /** All in one page; the peer's patterns are a prefix with `*` at the end. */
  scan(_cursor: string, match: string): Promise<{ cursor: string; keys: string[] }> {
    const prefix = match.replace(/\*$/, '').replaceAll('\\', '');
    const keys = [...this.#values.keys()].filter((key) => key.startsWith(prefix));
    return Promise.resolve({ cursor: '0', keys });
  }

  ping(): Promise<string> {
    return Promise.resolve('PONG');
  }

  #remove(key: string): boolean {
    if (!this.#values.delete(key)) return false;
    this.#onRemoved(key);
    return true;
  }
}

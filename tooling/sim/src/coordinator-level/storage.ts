import type { Change, Disk } from './disk.ts';

/** What the storage of one instance takes from the machine that it runs on. */
export interface StorageHost {
  readonly hasSql: boolean;
  /** Called before each read: fails in an instance whose place was taken. */
  check(): void;
  /** A read that the disk has to answer; the instance is given no event meanwhile. */
  read<Value>(read: () => Value): Promise<Value>;
  /** Stores a change with the others of this turn; resolves when it is durable. */
  write(change: Change): Promise<void>;
}

export interface GetOptions {
  readonly noCache?: boolean;
}

export interface ListOptions {
  readonly prefix: string;
}

/**
 * The storage of a Durable Object: the instance sees its own writes at once, what is written in one turn of the event loop is stored as
 * a whole or not at all, in order, and no answer leaves before what was written is durable.
 *
 * @see https://blog.cloudflare.com/durable-objects-easy-fast-correct-choose-three/
 */
export class SimulatedStorage {
  readonly #host: StorageHost;
  /** As the instance sees it. */
  readonly #view: Disk;
  /** Keys that the instance has read or written. */
  readonly #cached = new Set<string>();

  constructor(disk: Disk, host: StorageHost) {
    this.#view = disk.copy();
    this.#host = host;
  }

  /** @throws Error in an object without SQLite */
  get sql(): { readonly databaseSize: number } {
    if (this.#host.hasSql) return { databaseSize: 4_096 };
    throw new Error('the object has no SQLite');
  }

  get kv(): { get(key: string): unknown } {
    if (!this.#host.hasSql) throw new Error('the object has no SQLite');
    return {
      get: (key) => {
        this.#host.check();
        return this.#view.values.get(key);
      },
    };
  }

  get(key: string, { noCache = false }: GetOptions = {}): Promise<unknown> {
    const isCached = this.#cached.has(key) && !noCache;
    this.#cached.add(key);
    if (isCached) return Promise.resolve(this.#view.values.get(key));
    return this.#host.read(() => this.#view.values.get(key));
  }

  list({ prefix }: ListOptions): Promise<Map<string, unknown>> {
    return this.#host.read(() => {
      const found = [...this.#view.values].filter(([key]) => key.startsWith(prefix));
      return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
    });
  }

  getAlarm(): Promise<number | null> {
    return this.#host.read(() => this.#view.alarmAtMs);
  }

  put(key: string, value: unknown): Promise<void> {
    this.#cached.add(key);
    return this.#write(({ values }) => void values.set(key, value));
  }

  delete(key: string): Promise<void> {
    this.#cached.add(key);
    return this.#write(({ values }) => void values.delete(key));
  }

  /** Does not remove the alarm. */
  deleteAll(): Promise<void> {
    return this.#write(({ values }) => {
      values.clear();
    });
  }

  setAlarm(atMs: number): Promise<void> {
    return this.#write((disk) => {
      disk.alarmAtMs = atMs;
    });
  }

  #write(change: Change): Promise<void> {
    change(this.#view);
    return this.#host.write(change);
  }
}

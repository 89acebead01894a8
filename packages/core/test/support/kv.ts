import type {
  CacheAdapter,
  DeleteManyResult,
  ListResult,
  WriteOptions,
} from '../../src/adapter/adapter.js';
import type { Surroundings } from './surroundings.js';

interface Version {
  readonly atMs: number;
  readonly colo: string;
  readonly value: string | null;
}

/** What happens to a put: undefined lets it through. */
export type PutFault = (key: string, value: string) => Promise<void> | undefined;

/** Workers KV as several data centres see it: a put is seen at once where it was made, and after a while elsewhere. */
export class KV {
  /** Milliseconds until other data centres see a put. */
  lagMs = 60_000;
  onPut: PutFault = () => undefined;
  /** Replaces what a read finds. */
  onGet: (key: string, value: string | null) => string | null = (_, value) => value;
  readonly puts: { readonly key: string; readonly value: string; readonly ttlSeconds: number }[] =
    [];
  gets = 0;
  readonly #versions = new Map<string, Version[]>();
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** The epochs that were put, in order. */
  nonces(scope: string): readonly string[] {
    return this.puts.filter(({ key }) => key.endsWith(`:${scope}`)).map(({ value }) => value);
  }

  /** The binding of an isolate in a data centre: adapters of one binding share its state, others share only the store. */
  isolate(colo = 'here'): CacheAdapter {
    const read = (key: string): string | null => this.onGet(key, this.#seen(key, colo));
    return {
      name: 'kv',
      capabilities: {
        maxKeyBytes: 512,
        maxValueBytes: 25 * 1024 * 1024,
        minTtlSeconds: 60,
        maxKeysPerGet: 100,
        consistency: 'eventual',
        shared: true,
        list: true,
        tier: 'l2',
      },
      identity: {},
      get: (key) => Promise.resolve(read(key)),
      getMany: async (keys) => {
        this.gets += 1;
        await Promise.resolve();
        return new Map(keys.map((key) => [key, read(key)]));
      },
      set: (key, value, options) => this.#put(key, value, colo, options),
      delete: () => Promise.resolve(),
      deleteMany: (): Promise<DeleteManyResult> =>
        Promise.resolve({ deleted: 0, failed: new Map() }),
      list: (): Promise<ListResult> => Promise.resolve({ keys: [] }),
    };
  }

  async #put(key: string, value: string, colo: string, options: WriteOptions): Promise<void> {
    this.puts.push({ key, value, ttlSeconds: options.ttlSeconds });
    await this.onPut(key, value);
    const versions = this.#versions.get(key) ?? [];
    versions.push({ atMs: this.#surroundings.nowMs, colo, value });
    this.#versions.set(key, versions);
  }

  #seen(key: string, colo: string): string | null {
    const now = this.#surroundings.nowMs;
    const seen = (this.#versions.get(key) ?? []).filter(
      (version) => version.colo === colo || version.atMs + this.lagMs <= now,
    );
    return seen.at(-1)?.value ?? null;
  }
}

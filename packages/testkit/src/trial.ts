import type { CacheAdapter } from '@boost/core';
import type { MakeAdapter, TestCapabilities } from './capabilities.js';

/** One rule of the contract. */
export interface Rule {
  readonly title: string;
  /** @defaultValue every store is held to it */
  readonly appliesTo?: (capabilities: TestCapabilities) => boolean;
  /** Rejects where the adapter breaks the rule. */
  readonly check: (trial: Trial) => Promise<void>;
}

/** An adapter on trial, with keys that nobody else has. */
export class Trial {
  readonly adapter: CacheAdapter;
  readonly capabilities: TestCapabilities;
  /** A time to live that every store takes and no test outlives, in seconds. */
  readonly long: { readonly ttlSeconds: number };
  readonly #make: MakeAdapter;
  readonly #prefix: string;

  private constructor(
    adapter: CacheAdapter,
    make: MakeAdapter,
    capabilities: TestCapabilities,
    prefix: string,
  ) {
    this.adapter = adapter;
    this.capabilities = capabilities;
    this.long = { ttlSeconds: Math.max(3_600, capabilities.minTtlSeconds) };
    this.#make = make;
    this.#prefix = prefix;
  }

  static async begin(make: MakeAdapter, capabilities: TestCapabilities): Promise<Trial> {
    const { crypto } = globalThis as unknown as { crypto: { randomUUID(): string } };
    return new Trial(await make(), make, capabilities, `${crypto.randomUUID().slice(0, 13)}:`);
  }

  /** A key of this trial. */
  key(name: string): string {
    return this.#prefix + name;
  }

  keys(count: number): string[] {
    const digits = String(count).length;
    return Array.from({ length: count }, (_, index) =>
      this.key(String(index).padStart(digits, '0')),
    );
  }

  /** A key that is one byte too long. */
  get longKey(): string {
    return this.key('k'.repeat(this.capabilities.maxKeyBytes + 1 - this.#prefix.length));
  }

  /** Another adapter of the same store. */
  another(): Promise<CacheAdapter> {
    return Promise.resolve(this.#make());
  }

  /** Stores values, and lets them become visible. */
  async store(values: Readonly<Record<string, string>>): Promise<void> {
    const puts = Object.entries(values).map(([key, value]) =>
      this.adapter.set(key, value, this.long),
    );
    await Promise.all(puts);
    await this.settle();
  }

  async settle(): Promise<void> {
    await this.capabilities.settle?.();
  }
}

import type { ReadOperation, WriteOperation } from '@boost/core';
import { Entries } from './entries.ts';
import type { Drop, Entry, Strategy, World } from './strategy.ts';

const LIFETIME_MS = 60_000;

/** Entries live for a minute, whatever is written. An expired entry counts as dropped when it is next asked for. */
export class TtlStrategy implements Strategy {
  readonly #world: World;
  readonly #entries = new Entries();
  readonly #expires = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  find(key: string): Entry | undefined {
    const expires = this.#expires.get(key);
    if (expires !== undefined && expires <= this.#world.nowMs()) this.#entries.drop(key);
    return this.#entries.get(key);
  }

  fill(key: string, operation: ReadOperation): Promise<Entry> {
    this.#expires.set(key, this.#world.nowMs() + LIFETIME_MS);
    const result = this.#world.truth.now(key, operation);
    return Promise.resolve(this.#entries.set({ key, operation, result }));
  }

  write(operation: WriteOperation): Promise<void> {
    this.#world.tables.write(operation);
    return Promise.resolve();
  }

  takeDrops(): readonly Drop[] {
    return this.#entries.takeDrops();
  }
}

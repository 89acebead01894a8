import { isDeepStrictEqual } from 'node:util';
import type { ReadOperation, WriteOperation } from '@boost/core';
import { keyOf } from '../key.ts';
import { Entries } from './entries.ts';
import type { Drop, Entry, Strategy, World } from './strategy.ts';

/** The best that invalidation can do: after each write, exactly the entries go whose fresh result differs. */
export class OracleStrategy implements Strategy {
  readonly #world: World;
  readonly #entries = new Entries();

  constructor(world: World) {
    this.#world = world;
  }

  find(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  fill(key: string, operation: ReadOperation): Promise<Entry> {
    const result = this.#world.truth.now(key, operation);
    return Promise.resolve(this.#entries.set({ key, operation, result }));
  }

  write(operation: WriteOperation): Promise<void> {
    const { tables, truth } = this.#world;
    tables.write(operation);
    for (const touched of truth.takeTouched()) {
      const key = keyOf(touched);
      const entry = this.#entries.get(key);
      if (entry === undefined) continue;
      if (!isDeepStrictEqual(entry.result, truth.now(key, touched))) this.#entries.drop(key);
    }
    return Promise.resolve();
  }

  takeDrops(): readonly Drop[] {
    return this.#entries.takeDrops();
  }
}

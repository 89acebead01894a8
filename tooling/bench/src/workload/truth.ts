import { isDeepStrictEqual } from 'node:util';
import type { ReadOperation } from '@boost/core';
import type { Tables } from './tables.ts';

/** The fresh result of one read, kept until a write touches something that it was read from. */
export interface Fresh {
  readonly operation: ReadOperation;
  /** The same object for as long as the result is deeply equal. */
  result: unknown;
  stamps: ReadonlySet<string>;
  dirty: boolean;
}

/** What every read would return now. Sound whatever a strategy believes: it follows the tables alone. */
export class Truth {
  readonly #tables: Tables;
  readonly #known = new Map<string, Fresh>();
  readonly #byStamp = new Map<string, Set<Fresh>>();
  #touched = new Set<Fresh>();

  constructor(tables: Tables) {
    this.#tables = tables;
    tables.onWrite = (stamp) => {
      for (const fresh of this.#byStamp.get(stamp) ?? []) {
        fresh.dirty = true;
        this.#touched.add(fresh);
      }
    };
  }

  /** The result that the database would give now. */
  now(key: string, operation: ReadOperation): unknown {
    let fresh = this.#known.get(key);
    if (fresh === undefined) {
      fresh = { operation, result: undefined, stamps: new Set(), dirty: true };
      this.#known.set(key, fresh);
    }
    if (fresh.dirty) this.#ask(fresh);
    return fresh.result;
  }

  /** Keys of all reads asked so far whose rows were touched since the last call: any whose result changed is among them. */
  takeTouched(): readonly ReadOperation[] {
    const touched = [...this.#touched].map(({ operation }) => operation);
    this.#touched = new Set();
    return touched;
  }

  #ask(fresh: Fresh): void {
    const stamps = new Set<string>();
    this.#tables.onRead = (stamp) => stamps.add(stamp);
    const result = this.#tables.read(fresh.operation);
    this.#tables.onRead = () => undefined;
    for (const stamp of fresh.stamps) {
      if (!stamps.has(stamp)) this.#byStamp.get(stamp)?.delete(fresh);
    }
    for (const stamp of stamps) {
      const set = this.#byStamp.get(stamp) ?? new Set();
      this.#byStamp.set(stamp, set.add(fresh));
    }
    if (!isDeepStrictEqual(fresh.result, result)) fresh.result = result;
    fresh.stamps = stamps;
    fresh.dirty = false;
  }
}

import { KV_PRICE_USD, type StoreEvent } from '@boost/core';
import { ALL, STORE, STORE_KIND } from './layout.js';
import type { Row } from './row.js';

const COLUMN = {
  get: STORE.reads,
  set: STORE.writes,
  list: STORE.lists,
  delete: STORE.deletes,
} as const;

/** US dollars for one call to the store, at the prices that Cloudflare publishes for KV. */
export function costOf({ operation, billed }: StoreEvent): number {
  return billed * PRICE[operation];
}

const PRICE = {
  get: KV_PRICE_USD.read,
  set: KV_PRICE_USD.write,
  list: KV_PRICE_USD.list,
  delete: KV_PRICE_USD.delete,
} as const;

/** What a request asked of the store. */
export class StoreRow {
  #doubles: number[] = [0, 0, 0, 0, 0, 0];
  #events = 0;

  get size(): number {
    return this.#events === 0 ? 0 : 1;
  }

  add(event: StoreEvent): void {
    if (event.billed === 0) return;
    this.#events += 1;
    this.#count(COLUMN[event.operation], event.billed);
    this.#count(STORE.costUsd, costOf(event));
    if (!event.ok) this.#count(STORE.failed, 1);
  }

  take(): Row[] {
    if (this.#events === 0) return [];
    const blobs = [STORE_KIND];
    const row = { index: ALL, blobs, doubles: this.#doubles, coarseKey: ALL, events: this.#events };
    this.#doubles = [0, 0, 0, 0, 0, 0];
    this.#events = 0;
    return [row];
  }

  #count(column: number, by: number): void {
    this.#doubles[column - 1] = (this.#doubles[column - 1] ?? 0) + by;
  }
}

import type { InvalidateEvent, ReadEvent, StoreEvent } from '@boost/core';

export function read(own: Partial<ReadEvent> = {}): ReadEvent {
  return {
    type: 'read',
    model: 'Post',
    action: 'findMany',
    status: 'hit-l2',
    coalesced: false,
    scopes: [],
    tenant: undefined,
    databaseMs: 0,
    size: 0,
    isNeedless: false,
    ...own,
  };
}

export function invalidation(own: Partial<InvalidateEvent> = {}): InvalidateEvent {
  return {
    type: 'invalidate',
    model: 'Post',
    tenant: undefined,
    scopes: ['Post!'],
    affected: [],
    puts: 1,
    deleted: 0,
    deletes: 0,
    lists: 0,
    reads: 0,
    incomplete: false,
    costEstimate: 0.000_005,
    ...own,
  };
}

export function stored(own: Partial<StoreEvent> = {}): StoreEvent {
  return { type: 'store', operation: 'get', keys: 1, billed: 1, ok: true, ...own };
}

/** Timers that fire when the test says so. */
export class ManualTimers {
  #waiting: { readonly run: () => void; readonly delayMs: number }[] = [];

  set(delayMs: number, run: () => void): () => void {
    const timer = { run, delayMs };
    this.#waiting.push(timer);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== timer);
    };
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Fires what is waiting now, for at most so many milliseconds. */
  fire(mostMs: number = Infinity): void {
    const due = this.#waiting.filter(({ delayMs }) => delayMs <= mostMs);
    this.#waiting = this.#waiting.filter((timer) => !due.includes(timer));
    for (const { run } of due) run();
  }
}

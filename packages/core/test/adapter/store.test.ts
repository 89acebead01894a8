import { describe, expect, it } from 'vitest';
import type { CacheAdapter } from '../../src/adapter/adapter.js';
import { createMemoryAdapter } from '../../src/adapter/memory-adapter.js';
import { Store, type StoreEvent } from '../../src/adapter/store.js';
import { BoostError } from '../../src/error.js';
import { deferred, Surroundings } from '../support/surroundings.js';

function storeOver(changes: Partial<CacheAdapter> = {}): {
  readonly surroundings: Surroundings;
  readonly store: Store;
  readonly events: StoreEvent[];
} {
  const surroundings = new Surroundings();
  const { ports } = surroundings;
  const memory = createMemoryAdapter({ clock: ports.clock });
  const adapter: CacheAdapter = {
    name: 'test',
    capabilities: { ...memory.capabilities, minTtlSeconds: 60 },
    get: (...args) => memory.get(...args),
    getMany: (...args) => memory.getMany(...args),
    set: (...args) => memory.set(...args),
    delete: (...args) => memory.delete(...args),
    deleteMany: (...args) => memory.deleteMany(...args),
    list: (...args) => memory.list(...args),
    ...changes,
  };
  const events: StoreEvent[] = [];
  const onEvent = (event: StoreEvent): void => void events.push(event);
  return {
    surroundings,
    store: new Store({ adapter, ports, timeoutMs: 100, report: () => undefined, onEvent }),
    events,
  };
}

describe('a store', () => {
  it('rejects what takes longer than the deadline, aborts it, and leaves no timer', async () => {
    let signal: AbortSignal | undefined;
    const { surroundings, store, events } = storeOver({
      getMany: (_, options) => {
        signal = options?.signal;
        return new Promise(() => undefined);
      },
    });
    const read = store.getMany(['a'], []);
    const refused = expect(read).rejects.toMatchObject({ code: 'BOOST_STORE_TIMEOUT' });
    await surroundings.advance(100);
    await refused;
    expect(signal?.aborted).toBe(true);
    expect(surroundings.pendingTimers).toBe(0);
    expect(events).toEqual([{ type: 'store', operation: 'get', keys: 1, billed: 0, ok: false }]);
  });

  it('leaves no timer when the store answers', async () => {
    const { surroundings, store } = storeOver();
    await store.getMany(['a'], []);
    expect(surroundings.pendingTimers).toBe(0);
  });

  it('tells when a put lands after its deadline', async () => {
    const landing = deferred();
    const { surroundings, store } = storeOver({ set: () => landing.promise });
    let late = 0;
    const put = store.set('a', 'x', { ttlSeconds: 60, onLate: () => (late += 1) });
    const refused = expect(put).rejects.toMatchObject({ code: 'BOOST_STORE_TIMEOUT' });
    await surroundings.advance(100);
    await refused;
    expect(late).toBe(0);
    landing.resolve();
    await surroundings.settle();
    expect(late).toBe(1);
  });

  it.each([
    [
      'throws',
      (): never => {
        throw new TypeError('down');
      },
    ],
    ['rejects', (): Promise<never> => Promise.reject(new TypeError('down'))],
  ])('gives a code to whatever an adapter %s', async (_, getMany) => {
    const { store } = storeOver({ getMany });
    await expect(store.getMany(['a'], [])).rejects.toMatchObject({
      code: 'BOOST_STORE_FAILED',
      cause: { message: 'down' },
    });
  });

  it('passes on the codes of the adapter', async () => {
    const error = new BoostError('BOOST_STORE_RATE_LIMITED', 'slow down');
    const { store } = storeOver({ set: () => Promise.reject(error) });
    await expect(store.set('a', 'x', { ttlSeconds: 60 })).rejects.toBe(error);
  });

  it('rounds the time to live up to whole seconds and to what the store takes', async () => {
    const ttls: number[] = [];
    const { store } = storeOver({
      set: (_, __, { ttlSeconds }) => Promise.resolve(void ttls.push(ttlSeconds)),
    });
    for (const ttlSeconds of [0.2, 59.5, 60.1]) await store.set('a', 'x', { ttlSeconds });
    expect(ttls).toEqual([60, 60, 61]);
  });
});

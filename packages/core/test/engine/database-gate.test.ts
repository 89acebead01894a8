import { describe, expect, it } from 'vitest';
import { FaultyAdapter } from '../support/faulty.js';
import { Setup } from '../support/setups.js';
import { deferred, type Deferred } from '../support/surroundings.js';

const MOST_AT_ONCE = 16;

/** A cache that is down, and reads of different rows whose queries end when they are told. */
function outage() {
  const setup = new Setup('kv');
  const store = new FaultyAdapter(setup.adapter, 0, () => Promise.resolve());
  store.fault = { on: 'get', kind: 'error' };
  const queries: Deferred<unknown>[] = [];
  const client = setup.client({ adapter: store.adapter });
  const read = (id: number): Promise<unknown> =>
    client.engine.read({
      operation: { model: 'Post', action: 'findUnique', args: { where: { id } } },
      strategy: {},
      context: { tenant: undefined, user: undefined, session: client.session },
      execute: () => {
        const query = deferred<unknown>();
        queries.push(query);
        return query.promise;
      },
    });
  return { setup, store, queries, read };
}

describe('while the cache does not answer', () => {
  it('so many queries run at once, and every read is answered', async () => {
    const { setup, queries, read } = outage();
    const answers = Promise.all(Array.from({ length: 40 }, (_, id) => read(id)));
    await setup.surroundings.settle();
    expect(queries).toHaveLength(MOST_AT_ONCE);
    for (let answered = 0; answered < 40; answered++) {
      queries[answered]?.resolve(null);
      await setup.surroundings.advance(50);
      expect(queries.length).toBeLessThanOrEqual(MOST_AT_ONCE + answered + 1);
    }
    expect(await answers).toHaveLength(40);
    expect(setup.surroundings.pendingTimers).toBe(0);
  });

  it('a query does not wait for ever for others whose requests have died', async () => {
    const { setup, queries, read } = outage();
    for (let id = 0; id < MOST_AT_ONCE; id++) void read(id);
    await setup.surroundings.settle();
    const late = read(99);
    await setup.surroundings.advance(4_900);
    expect(queries).toHaveLength(MOST_AT_ONCE);
    await setup.surroundings.advance(200);
    expect(queries).toHaveLength(MOST_AT_ONCE + 1);
    queries.at(-1)?.resolve(null);
    expect(await late).toMatchObject({ result: null, info: { reason: 'store-failed' } });
  });

  it('queries that never ended count no more after half a minute', async () => {
    const { setup, queries, read } = outage();
    for (let id = 0; id < MOST_AT_ONCE; id++) void read(id);
    await setup.surroundings.advance(30_000);
    void read(99);
    await setup.surroundings.settle();
    expect(queries).toHaveLength(MOST_AT_ONCE + 1);
  });

  it('reads of a cache that answers wait for nobody', async () => {
    const { setup, store, queries, read } = outage();
    store.fault = undefined;
    for (let id = 0; id < 40; id++) void read(id);
    await setup.surroundings.settle();
    expect(queries).toHaveLength(40);
  });
});

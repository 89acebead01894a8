import { describe, expect, it } from 'vitest';
import type { CacheAdapter } from '../../src/adapter/adapter.js';
import { KV_ISOLATE } from '../../src/epoch/kv-isolate.js';
import { parseNonce } from '../../src/epoch/nonce.js';
import { BoostError } from '../../src/error.js';
import { isolateState } from '../../src/isolate-state.js';
import { Client, type ClientOptions } from '../support/client.js';
import { Database } from '../support/database.js';
import { KV } from '../support/kv.js';
import { deferred, Surroundings, type Deferred } from '../support/surroundings.js';

function world(): {
  readonly surroundings: Surroundings;
  readonly database: Database;
  readonly kv: KV;
  readonly adapter: CacheAdapter;
  client(options?: Partial<ClientOptions>): Client;
} {
  const surroundings = new Surroundings();
  const database = new Database();
  const kv = new KV(surroundings);
  kv.lagMs = 0;
  database.insert('Post', { id: 1, title: 'one' });
  const adapter = kv.isolate();
  return {
    surroundings,
    database,
    kv,
    adapter,
    client: (options) => new Client({ surroundings, database, adapter, ...options }),
  };
}

const tooFast = (retryAfterMs?: number): BoostError =>
  new BoostError('BOOST_STORE_RATE_LIMITED', 'one write per second and key', {
    details: retryAfterMs === undefined ? {} : { retryAfterMs },
  });

const isEpoch = (key: string): boolean => key.includes(':e:');

/** Holds puts of epochs back, each until the test lets it go. */
function holdPuts(kv: KV): Deferred[] {
  const held: Deferred[] = [];
  kv.onPut = (key) => {
    if (!isEpoch(key)) return undefined;
    const hold = deferred();
    held.push(hold);
    return hold.promise;
  };
  return held;
}

describe('bumps of one key in one isolate', () => {
  it('that are asked for while a put is on its way share the next one', async () => {
    const { surroundings, kv, client } = world();
    const held = holdPuts(kv);
    const writes = Array.from({ length: 10 }, (_, i) => client().retitle(1, `t${i}`));
    await surroundings.settle();
    expect(held).toHaveLength(1);
    held[0]?.resolve();
    await surroundings.settle();
    expect(held).toHaveLength(2);
    held[1]?.resolve();
    await Promise.all(writes);
    const nonces = kv.nonces('Post!');
    expect(new Set(nonces).size).toBe(2);
  });

  it('are not put under a time from before the last of them was committed', async () => {
    const { surroundings, kv, client } = world();
    const held = holdPuts(kv);
    const first = client().retitle(1, 'a');
    await surroundings.settle();
    const waiting = client().retitle(1, 'b');
    await surroundings.advance(1_500);
    const last = client().retitle(1, 'c');
    await surroundings.settle();
    const committedAtMs = surroundings.nowMs;
    held[0]?.resolve();
    await surroundings.settle();
    held[1]?.resolve();
    await Promise.all([first, waiting, last]);
    const [, second = ''] = kv.nonces('Post!');
    expect(parseNonce(second)?.timeMs).toBeGreaterThanOrEqual(committedAtMs);
  });

  it('do not wait for ever for the put of a request that has died', async () => {
    const { surroundings, kv, client } = world();
    const held = holdPuts(kv);
    const ports = { ...surroundings.ports, timers: { set: () => () => undefined } };
    void client({ ports }).retitle(1, 'a');
    await surroundings.settle();
    const writer = client();
    const second = writer.retitle(1, 'b');
    await surroundings.settle();
    expect(held).toHaveLength(1);
    await surroundings.advance(2_000);
    expect(held).toHaveLength(2);
    held[1]?.resolve();
    await second;
    expect(writer.invalidated).toEqual([{ model: 'Post', incomplete: false }]);
  });
});

describe('what is known of a key’s bumps', () => {
  it('is forgotten when they have landed, or are given up', async () => {
    const { surroundings, kv, client, adapter } = world();
    const isolate = isolateState(adapter.identity ?? adapter, KV_ISOLATE);
    await client().retitle(1, 'a');
    const key = kv.puts[0]?.key ?? '';
    expect(isolate.bumping(key).wanted).toBe(0);
    kv.onPut = (put) => (isEpoch(put) ? Promise.reject(tooFast()) : undefined);
    await client().retitle(1, 'b');
    expect(isolate.bumping(key).wanted).toBe(1);
    await surroundings.advance(60_000);
    expect(isolate.bumping(key).wanted).toBe(0);
  });
});

describe('a put that the store refuses', () => {
  it('is retried in the background with another nonce, while readers bypass', async () => {
    const { surroundings, kv, client } = world();
    const writer = client();
    await writer.post(1);
    await writer.engine.settled();
    await surroundings.advance(60_000);
    let refusals = 2;
    kv.onPut = (key) => {
      if (!isEpoch(key) || refusals === 0) return undefined;
      refusals -= 1;
      return Promise.reject(tooFast());
    };
    await writer.retitle(1, 'new');
    expect(writer.invalidated).toEqual([{ model: 'Post', incomplete: true }]);
    const { info } = await writer.read('Post', 'findUnique', { where: { id: 1 } });
    expect(info).toMatchObject({ status: 'bypass', reason: 'bump-pending' });
    await surroundings.advance(20_000);
    await writer.engine.settled();
    const nonces = kv.nonces('Post!');
    expect(nonces).toHaveLength(3);
    expect(new Set(nonces).size).toBe(3);
    expect(await writer.post(1)).toMatchObject(['miss', { title: 'new' }]);
    expect(writer.errors).toMatchObject([
      { operation: 'bump', error: { code: 'BOOST_STORE_RATE_LIMITED' } },
    ]);
  });

  it('is not retried sooner than a second, nor than the store asks for', async () => {
    const { surroundings, kv, client } = world();
    const times: number[] = [];
    kv.onPut = (key) => {
      if (!isEpoch(key)) return undefined;
      times.push(surroundings.nowMs);
      return times.length < 3 ? Promise.reject(tooFast(times.length === 2 ? 5_000 : 0)) : undefined;
    };
    await client().retitle(1, 'new');
    await surroundings.advance(25_000);
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeGreaterThanOrEqual(1_000);
    expect(third - second).toBeGreaterThanOrEqual(5_000);
  });

  it('takes later bumps of the key with it', async () => {
    const { surroundings, kv, client } = world();
    let refused = false;
    kv.onPut = (key) => {
      if (!isEpoch(key) || refused) return undefined;
      refused = true;
      return Promise.reject(tooFast());
    };
    await client().retitle(1, 'a');
    await client().retitle(1, 'b');
    expect(kv.nonces('Post!')).toHaveLength(1);
    await surroundings.advance(5_000);
    expect(kv.nonces('Post!')).toHaveLength(2);
  });

  it('is given up after the time that the platform grants, and told', async () => {
    const { surroundings, kv, client } = world();
    kv.onPut = (key) => (isEpoch(key) ? Promise.reject(tooFast()) : undefined);
    const writer = client();
    await writer.retitle(1, 'new');
    await surroundings.advance(60_000);
    await writer.engine.settled();
    expect(writer.errors.map(({ error }) => (error as BoostError).code)).toEqual([
      'BOOST_STORE_RATE_LIMITED',
      'BOOST_BUMP_FAILED',
    ]);
    // The isolate knows of its own bump all the same.
    expect((await writer.post(1))[1]).toMatchObject({ title: 'new' });
  });

  it('bumps again when it lands after its deadline', async () => {
    const { surroundings, kv, client } = world();
    const held = holdPuts(kv);
    const writer = client();
    const write = writer.retitle(1, 'new');
    await surroundings.advance(2_000);
    await write;
    expect(writer.invalidated).toEqual([{ model: 'Post', incomplete: true }]);
    kv.onPut = () => undefined;
    await surroundings.advance(10_000);
    const before = kv.nonces('Post!').length;
    held[0]?.resolve(); // it overwrites what was put since
    await surroundings.advance(10_000);
    await writer.engine.settled();
    expect(kv.nonces('Post!').length).toBe(before + 1);
  });
});

describe('a write of unknown outcome', () => {
  it('bumps at once, and again when the database must have decided', async () => {
    const { surroundings, database, kv, client } = world();
    const writer = client({ writeDeadline: 10_000 });
    database.failNext(new Error('connection reset'));
    await expect(writer.retitle(1, 'new')).rejects.toThrow('connection reset');
    expect(kv.nonces('Post!')).toHaveLength(1);
    const { info } = await writer.read('Post', 'findUnique', { where: { id: 1 } });
    expect(info).toMatchObject({ status: 'bypass', reason: 'write-undecided' });
    // Another isolate fills what the database holds for now.
    const elsewhere = client({ adapter: kv.isolate() });
    await elsewhere.post(1);
    await elsewhere.engine.settled();
    expect((await elsewhere.post(1))[0]).toBe('hit-l2');
    expect((await writer.post(1))[0]).toBe('bypass');
    await surroundings.advance(10_001);
    await writer.engine.settled();
    expect(new Set(kv.nonces('Post!')).size).toBe(2);
    expect((await elsewhere.post(1))[0]).toBe('miss');
    expect((await writer.post(1))[0]).not.toBe('bypass');
  });
});

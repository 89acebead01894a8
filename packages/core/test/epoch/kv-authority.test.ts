import { describe, expect, it } from 'vitest';
import { kvAuthority } from '../../src/epoch/kv-authority.js';
import { createMemoryAdapter } from '../../src/adapter/memory-adapter.js';
import { BoostError } from '../../src/error.js';
import { EPOCH_TTL_SECONDS, MAX_ENTRY_SECONDS } from '../../src/policy/lifetime.js';
import { Client, type ClientOptions } from '../support/client.js';
import { Database } from '../support/database.js';
import { KV } from '../support/kv.js';
import { Surroundings } from '../support/surroundings.js';

/** One KV namespace, and isolates in data centres. */
class World {
  readonly surroundings = new Surroundings();
  readonly database = new Database();
  readonly kv = new KV(this.surroundings);

  constructor() {
    this.database.insert('Post', { id: 1, title: 'one', authorId: 7 });
    this.database.insert('Post', { id: 2, title: 'two', authorId: 7 });
  }

  /** A client of a new isolate, or of the isolate of the given adapter. */
  client(options: Partial<ClientOptions> & { readonly colo?: string } = {}): Client {
    const { colo, ...rest } = options;
    const { surroundings, database } = this;
    return new Client({ surroundings, database, adapter: this.kv.isolate(colo), ...rest });
  }

  async warm(client: Client): Promise<void> {
    await client.post(1);
    await client.engine.settled();
    await this.surroundings.advance(60_000);
  }
}

const title = (answer: readonly [string, unknown]): unknown =>
  (answer[1] as { title: string } | null)?.title;

describe('the KV authority', () => {
  it('reads the entry and its epochs in one round trip', async () => {
    const world = new World();
    const client = world.client();
    await world.warm(client);
    const before = world.kv.gets;
    expect((await client.post(1))[0]).toBe('hit-l2');
    expect(world.kv.gets - before).toBe(1);
  });

  it('bumps by one put of a nonce that was never put before', async () => {
    const world = new World();
    const client = world.client();
    for (let i = 0; i < 20; i++) await client.retitle(1, `title ${i}`);
    const nonces = world.kv.nonces('Post!');
    expect(nonces).toHaveLength(20);
    expect(new Set(nonces).size).toBe(20);
  });

  it('keeps epochs longer than any entry lives', async () => {
    const world = new World();
    const client = world.client();
    await client.post(1, { strategy: { ttl: 1e9, swr: 1e9 } });
    await client.engine.settled();
    await client.retitle(1, 'new');
    const [entry, epoch] = world.kv.puts;
    expect(entry?.ttlSeconds).toBe(MAX_ENTRY_SECONDS);
    expect(epoch?.ttlSeconds).toBe(EPOCH_TTL_SECONDS);
    expect(EPOCH_TTL_SECONDS).toBeGreaterThan(MAX_ENTRY_SECONDS);
  });

  it('shows the same client its own write although a write before it, of elsewhere, is still on its way', async () => {
    const world = new World();
    const authority = kvAuthority({ granularity: 'row' });
    const here = world.client({ tier: 'pro', authority, colo: 'here' });
    const there = world.client({ tier: 'pro', authority, colo: 'there' });
    expect(await here.post(3)).toEqual(['miss', null]);
    await here.engine.settled();
    await world.surroundings.advance(10_000);
    await there.write('Post', 'create', { data: { id: 3, title: 'three', authorId: 7 } });
    expect((await here.post(3))[0]).toBe('hit-l2'); // KV has not told it yet
    // The bump of a title does not meet what an answer without a row depends on.
    await here.retitle(3, 'new');
    expect(await here.post(3)).toMatchObject(['miss', { title: 'new' }]);
    await here.engine.settled();
    expect(await here.post(3)).toMatchObject(['hit-l2', { title: 'new' }]);
    // Other models, and sessions that did not write, keep their hits.
    await here.get('User', 'findMany');
    await here.engine.settled();
    expect((await here.get('User', 'findMany'))[0]).toBe('hit-l2');
  });

  it.each([
    [9_000, 'one'],
    [11_000, 'new'],
  ])('lets a read join one that began %d ms before', async (ageMs, seen) => {
    const world = new World();
    world.kv.lagMs = 0;
    const adapter = world.kv.isolate('here');
    const hold = world.database.holdNext();
    const slow = world.client({ adapter }).post(1);
    await hold.reached; // it has read "one"
    await world.client({ colo: 'there' }).retitle(1, 'new');
    await world.surroundings.advance(ageMs);
    const joined = world.client({ adapter }).post(1);
    await world.surroundings.settle();
    hold.release();
    await slow;
    expect(title(await joined)).toBe(seen);
  });

  it('shows the same client its own write while KV is behind', async () => {
    const world = new World();
    const client = world.client();
    await world.warm(client);
    world.kv.onGet = (key, value) => (key.includes(':e:') ? null : value); // a cached miss
    await client.retitle(1, 'new');
    expect(await client.post(1)).toMatchObject(['miss', { title: 'new' }]);
    await client.engine.settled();
    expect(await client.post(1)).toMatchObject(['hit-l2', { title: 'new' }]);
  });

  it('shows it to everyone else when KV has propagated the bump', async () => {
    const world = new World();
    const reader = world.client({ colo: 'there' });
    await world.warm(reader);
    await world.client().retitle(1, 'new');
    expect(title(await reader.post(1))).toBe('one');
    await world.surroundings.advance(60_000);
    expect(title(await reader.post(1))).toBe('new');
  });

  it('does not revive an entry that was filled elsewhere under the old epoch', async () => {
    const world = new World();
    const writer = world.client();
    await writer.retitle(1, 'first');
    await world.surroundings.advance(60_000);
    const elsewhere = world.client({ colo: 'there' });
    const read = world.database.holdNext();
    const racing = elsewhere.post(1);
    await read.reached; // it has read "first"
    await writer.retitle(1, 'second');
    read.release();
    await racing;
    await world.surroundings.advance(120_000);
    expect(title(await writer.post(1))).toBe('second');
    expect(title(await elsewhere.post(1))).toBe('second');
    expect(title(await world.client({ colo: 'third' }).post(1))).toBe('second');
  });

  it('does not let a read before the own write answer after it, in whatever data centre it was filled', async () => {
    const world = new World();
    world.kv.lagMs = 0;
    const adapter = world.kv.isolate();
    const writer = world.client({ adapter });
    await world.warm(writer);
    await writer.retitle(1, 'new');
    // Another isolate fills what it read before, under an epoch that it saw before.
    world.kv.onGet = (key, value) => (key.includes(':e:') ? null : value);
    expect(title(await writer.post(1))).toBe('new');
    expect(title(await world.client({ adapter }).post(1))).toBe('new');
  });

  it('takes an epoch that cannot be read for a miss, not for absent', async () => {
    const world = new World();
    const client = world.client();
    await world.warm(client); // captured: absent
    world.kv.onGet = (key, value) => (key.endsWith(':Post!') ? 'damaged' : value);
    const { info } = await client.read('Post', 'findUnique', { where: { id: 1 } });
    expect(info).toMatchObject({ status: 'bypass', reason: 'epoch-unreadable' });
    await client.engine.settled();
    const entries = world.kv.puts.filter(({ key }) => !key.includes(':e:'));
    expect(entries).toHaveLength(1);
  });

  it('does not store what a write has overtaken in the same isolate', async () => {
    const world = new World();
    const adapter = world.kv.isolate();
    const reader = world.client({ adapter });
    const read = world.database.holdNext();
    const racing = reader.post(1);
    await read.reached;
    await world.client({ adapter }).retitle(1, 'new');
    read.release();
    await racing;
    await reader.engine.settled();
    expect(world.kv.puts.filter(({ key }) => !key.includes(':e:'))).toEqual([]);
    expect(reader.events).toContainEqual(
      expect.objectContaining({ type: 'skip', reason: 'raced' }),
    );
  });

  it('bypasses strong reads, which it cannot promise', async () => {
    const world = new World();
    const client = world.client();
    const { info } = await client.read(
      'Post',
      'findUnique',
      { where: { id: 1 } },
      { consistency: 'strong' },
    );
    expect(info).toMatchObject({ status: 'bypass', reason: 'kv-cannot-be-strong' });
  });

  it('reads monotonically: a session is not given an older entry than the one before', async () => {
    const world = new World();
    world.kv.lagMs = 0;
    await world.warm(world.client());
    const behind = new Map(world.kv.puts.map(({ key, value }) => [key, value]));
    await world.client().retitle(1, 'new');
    await world.surroundings.advance(10_000);
    await world.warm(world.client());
    const session = world.client();
    const another = world.client();
    const read = { consistency: 'session' } as const;
    expect(await session.post(1, read)).toMatchObject(['hit-l2', { title: 'new' }]);
    // Its next read is answered by a part of KV that is behind: the old entry, under the old epochs.
    world.kv.onGet = (key) => behind.get(key) ?? null;
    expect(await another.post(1, read)).toMatchObject(['hit-l2', { title: 'one' }]);
    expect(await session.post(1, read)).toMatchObject(['miss', { title: 'new' }]);
  });

  it('continues a session by its ticket', async () => {
    const world = new World();
    const reader = world.client({ colo: 'there' });
    await world.warm(reader);
    const writer = world.client();
    await writer.retitle(1, 'new');
    const ticket = writer.session.ticket();
    expect(ticket).toMatch(/^[\x21-\x7e]+$/);
    const continued = world.client({ colo: 'there', ticket });
    expect(title(await world.client({ colo: 'there' }).post(1))).toBe('one');
    expect(title(await continued.post(1))).toBe('new');
  });

  it('reads monotonically when continued by its ticket elsewhere', async () => {
    const world = new World();
    const reader = world.client({ colo: 'there' });
    await world.warm(reader);
    await world.client().retitle(1, 'new');
    const session = world.client();
    const read = { consistency: 'session' } as const;
    expect(title(await session.post(1, read))).toBe('new');
    const ticket = session.session.ticket();
    // There, KV still tells of the entry of before.
    expect(await world.client({ colo: 'there' }).post(1, read)).toMatchObject([
      'hit-l2',
      { title: 'one' },
    ]);
    const continued = world.client({ colo: 'there', ticket });
    expect(await continued.post(1, read)).toMatchObject(['miss', { title: 'new' }]);
  });

  it('does not answer a continued session from a flight that began before its write', async () => {
    const world = new World();
    const adapter = world.kv.isolate('there');
    const hold = world.database.holdNext();
    const flight = world.client({ adapter }).post(1);
    await hold.reached; // it has read "one"
    const writer = world.client();
    await writer.retitle(1, 'new');
    const continued = world.client({ adapter, ticket: writer.session.ticket() }).post(1);
    const stranger = world.client({ adapter }).post(1);
    await world.surroundings.settle();
    hold.release();
    expect(title(await flight)).toBe('one');
    expect(title(await stranger)).toBe('one');
    expect(title(await continued)).toBe('new');
  });

  it.each(['', 'k1.', 'k1.zzzzzzzzzzz', 'k9.abc', 'x'.repeat(10_000)])(
    'takes the bad ticket %j for none, or for one of the present',
    async (ticket) => {
      const world = new World();
      const client = world.client({ ticket });
      await world.warm(client);
      await world.warm(client);
      expect((await client.post(1))[0]).toBe('hit-l2');
    },
  );

  it('stores scopes that only the result tells under epochs read later, when those are old enough', async () => {
    const world = new World();
    const pro = { tier: 'pro' } as const;
    const adapter = world.kv.isolate();
    const writer = world.client({ ...pro, adapter });
    const reader = world.client({ ...pro, colo: 'there' });
    await writer.retitle(1, 'new');
    await world.surroundings.advance(60_000);
    await reader.get('Post', 'findMany', { where: { authorId: 7 } });
    await reader.engine.settled();
    const { info } = await reader.read('Post', 'findMany', { where: { authorId: 7 } });
    expect(info.status).toBe('hit-l2');
  });

  it('does not store them when they were bumped around the read', async () => {
    const world = new World();
    const pro = { tier: 'pro' } as const;
    world.kv.lagMs = 0;
    const writer = world.client(pro);
    const reader = world.client(pro);
    const read = world.database.holdNext();
    const racing = reader.get('Post', 'findMany', { where: { authorId: 7 } });
    await read.reached; // it has read "one"
    await writer.retitle(1, 'new'); // bumps the row, whose scope the reader does not know yet
    read.release();
    await racing;
    await reader.engine.settled();
    const [, posts] = await reader.get('Post', 'findMany', { where: { authorId: 7 } });
    expect(posts).toMatchObject([{ title: 'new' }, { title: 'two' }]);
  });

  it('refuses a store that others do not see, and options out of range', () => {
    const world = new World();
    const { clock } = world.surroundings.ports;
    const alone = createMemoryAdapter({ clock });
    expect(() => world.client({ adapter: alone, authority: kvAuthority() })).toThrow(
      /cannot carry epochs.*BOOST_OPTION_INVALID/,
    );
    expect(() => kvAuthority({ clockSkewMs: -1 })).toThrow(/clockSkewMs is -1/);
    expect(() => kvAuthority({ prefix: 'ü' })).toThrow(/prefix/);
  });

  it('fits every epoch key into 512 bytes', async () => {
    const world = new World();
    const tenant = 'ö'.repeat(10_000);
    const client = world.client({ tenant, prefix: 'p'.repeat(64), tier: 'pro' });
    await client.write('User', 'create', { data: { id: 'x'.repeat(600), name: '\u{1f600}' } });
    await client.retitle(1, 'new');
    expect(world.kv.puts.length).toBeGreaterThan(2);
    for (const { key } of world.kv.puts) {
      expect(key).toMatch(/^[\x21-\x7e]{1,512}$/);
    }
  });
});

describe('tenants on KV', () => {
  const options = (tenant: string | null): Partial<ClientOptions> => ({
    tenant,
    sharedModels: ['Country'],
  });

  async function warmedTenants(): Promise<{ world: World; acme: Client; beta: Client }> {
    const world = new World();
    world.kv.lagMs = 0;
    world.database.insert('Country', { id: 1, name: 'Chile' });
    const acme = world.client(options('acme'));
    const beta = world.client(options('beta'));
    for (const client of [acme, beta]) {
      await client.post(1);
      await client.get('Country', 'findMany');
      await client.engine.settled();
    }
    await world.surroundings.advance(10_000);
    return { world, acme, beta };
  }

  it('do not see, nor invalidate, each other’s entries', async () => {
    const { world, acme, beta } = await warmedTenants();
    await acme.retitle(1, 'new');
    expect((await acme.post(1))[0]).toBe('miss');
    expect((await beta.post(1))[0]).toBe('hit-l2');
    await world.client(options('beta')).invalidate({ kind: 'all' });
    expect((await acme.post(2))[0]).toBe('miss');
  });

  it('see writes without tenant', async () => {
    const { world, acme, beta } = await warmedTenants();
    await world.client(options(null)).retitle(1, 'new');
    expect(title(await acme.post(1))).toBe('new');
    expect(title(await beta.post(1))).toBe('new');
  });

  it('see each other’s writes to shared models, raw ones of unknown tables too', async () => {
    const { world, acme, beta } = await warmedTenants();
    const name = async (client: Client): Promise<unknown> =>
      ((await client.get('Country', 'findMany'))[1] as { name: string }[])[0]?.name;
    await acme.write('Country', 'update', { where: { id: 1 }, data: { name: 'Peru' } });
    expect(await name(beta)).toBe('Peru');
    await beta.engine.settled();
    await world.surroundings.advance(10_000);
    await acme.raw('CALL rename_all()', () => {
      world.database.insert('Country', { id: 1, name: 'Cuba' });
      return Promise.resolve(0);
    });
    expect(await name(beta)).toBe('Cuba');
  });

  it('are not mixed: reads without tenant of what tenants own are not cached', async () => {
    const { world } = await warmedTenants();
    const client = world.client(options(null));
    const { info } = await client.read('Post', 'findUnique', { where: { id: 1 } });
    expect(info).toMatchObject({ status: 'bypass', reason: 'no-tenant' });
    await client.get('Country', 'findMany');
    await client.engine.settled();
    expect((await client.get('Country', 'findMany'))[0]).toBe('hit-l2');
  });
});

describe('a deployment that shares other models', () => {
  it('does not trust an entry that was filled without what it depends on', async () => {
    const world = new World();
    world.kv.lagMs = 0;
    world.database.insert('Country', { id: 1, name: 'Chile' });
    const before = world.client({ tenant: 'acme', sharedModels: ['Country'] });
    await before.get('Country', 'findMany');
    await before.engine.settled();
    await world.surroundings.advance(10_000);
    const after = world.client({ tenant: 'acme' });
    await after.write('Country', 'update', { where: { id: 1 }, data: { name: 'Peru' } });
    const [, countries] = await world.client({ tenant: 'acme' }).get('Country', 'findMany');
    expect(countries).toMatchObject([{ name: 'Peru' }]);
  });
});

describe('an isolate with more bumps than it can remember', () => {
  it('serves nothing that was read before those that it has forgotten', async () => {
    const world = new World();
    const adapter = world.kv.isolate();
    const writer = world.client({ adapter });
    await world.warm(writer);
    world.kv.onGet = (key, value) => (key.includes(':e:') ? null : value); // KV tells of no bump
    await writer.retitle(1, 'new');
    for (let call = 0; call < 4_100; call++) {
      const tags = [0, 1, 2, 3, 4].map((tag) => `tag_${call}_${tag}`);
      await writer.invalidate({ kind: 'tags', tags });
    }
    expect(title(await world.client({ adapter }).post(1))).toBe('new');
  });
});

describe('a session of another authority', () => {
  it('is refused', async () => {
    const world = new World();
    const client = world.client();
    const call = {
      operation: { model: 'Post', action: 'create', args: { data: { id: 9 } } },
      context: { tenant: undefined, user: undefined, session: { ticket: () => '' } },
      runner: { run: () => Promise.resolve({}), isNotFound: () => false },
    } as const;
    await client.engine.write(call);
    expect(client.errors[0]?.error).toBeInstanceOf(BoostError);
    expect(client.invalidated).toEqual([{ model: 'Post', incomplete: true }]);
  });
});

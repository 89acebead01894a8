import { describe, expect, it } from 'vitest';
import type { Client } from '../support/client.js';
import { Setup, type AuthorityName } from '../support/setups.js';

describe.each<AuthorityName>(['memory', 'kv'])('reads over the %s authority', (authority) => {
  it('keeps nothing where the database answers with nothing at all', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    const read = () =>
      client.engine.read({
        operation: { model: 'Post', action: 'findUniqueOrThrow', args: { where: { id: 9 } } },
        strategy: {},
        context: { tenant: undefined, user: undefined, session: client.session },
        execute: () => Promise.resolve(undefined),
      });
    expect((await read()).info.status).toBe('miss');
    await client.engine.settled();
    expect((await read()).info.status).toBe('miss');
    expect(client.errors).toEqual([]);
  });

  it('answers from the store what it has asked the database once', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    expect(await client.post(1)).toEqual(['miss', { id: 1, title: 'one', authorId: 7 }]);
    await client.engine.settled();
    expect(await client.post(1)).toEqual(['hit-memory', { id: 1, title: 'one', authorId: 7 }]);
    expect(setup.database.reads()).toBe(1);
  });

  it('caches null, and invalidates a cached null by a create (prisma-redis-middleware#272)', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    await setup.warm(client, 3);
    expect(await client.post(3)).toEqual(['hit-memory', null]);
    await client.write('Post', 'create', { data: { id: 3, title: 'three', authorId: 7 } });
    expect(await client.post(3)).toEqual(['miss', { id: 3, title: 'three', authorId: 7 }]);
  });

  it('caches an empty list, and invalidates it by a create', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    const list = (): ReturnType<Client['get']> =>
      client.get('Comment', 'findMany', { where: { postId: 2 } });
    expect(await list()).toEqual(['miss', []]);
    await client.engine.settled();
    expect(await list()).toEqual(['hit-memory', []]);
    await client.write('Comment', 'create', { data: { id: 6, text: 'new', postId: 2 } });
    expect(await list()).toEqual(['miss', [{ id: 6, text: 'new', postId: 2 }]]);
  });

  it('gives every caller a copy of its own: no aliasing of a shared result', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    const first = (await client.post(1))[1] as { title: string };
    first.title = 'changed by the caller, before the result is stored';
    await client.engine.settled();
    const second = (await client.post(1))[1] as { title: string };
    expect(second.title).toBe('one');
    second.title = 'changed by another';
    expect((await client.post(1))[1]).toMatchObject({ title: 'one' });
  });

  it.each([
    [69_999, 'hit-memory'],
    [70_000, 'miss'],
  ])(
    'counts the time to live from before the database was read (FusionCache#535): %d ms after a read of 30 s',
    async (afterMs, status) => {
      const setup = new Setup(authority);
      const client = setup.client({ defaultTTL: 100 });
      const hold = setup.database.holdNext();
      const slow = client.post(1);
      await hold.reached;
      await setup.surroundings.advance(30_000);
      hold.release();
      await slow;
      await client.engine.settled();
      await setup.surroundings.advance(afterMs);
      expect((await client.post(1))[0]).toBe(status);
    },
  );

  it('reads a popular entry anew before it expires (XFetch), while it is served', async () => {
    const setup = new Setup(authority);
    const client = setup.client({ defaultTTL: 100 });
    const hold = setup.database.holdNext();
    const slow = client.post(1);
    await hold.reached;
    await setup.surroundings.advance(2_000);
    hold.release();
    await slow;
    await client.engine.settled();
    setup.database.reads();
    await setup.surroundings.advance(97_999);
    setup.database.insert('Post', { id: 1, title: 'written elsewhere', authorId: 7 });
    expect(await client.post(1)).toMatchObject(['hit-memory', { title: 'one' }]);
    await client.engine.settled();
    await setup.surroundings.advance(1_000);
    expect(await client.post(1)).toMatchObject(['hit-memory', { title: 'written elsewhere' }]);
  });

  it('serves what only time has made old, once, while it reads it anew', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    const strategy = { ttl: 60, swr: 600 };
    await client.post(1, { strategy });
    await client.engine.settled();
    setup.database.insert('Post', { id: 1, title: 'changed behind our back', authorId: 7 });
    await setup.surroundings.advance(61_000);
    const hold = setup.database.holdNext();
    expect(await client.post(1, { strategy })).toMatchObject(['stale', { title: 'one' }]);
    await hold.reached;
    expect(await client.post(1, { strategy })).toMatchObject(['stale', { title: 'one' }]);
    hold.release();
    await client.engine.settled();
    expect(setup.database.reads()).toBe(2);
    expect(await client.post(1, { strategy })).toMatchObject([
      'hit-memory',
      { title: 'changed behind our back' },
    ]);
  });

  it('never serves stale what a write has invalidated (bentocache#71)', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    const strategy = { ttl: 60, swr: 600 };
    await client.post(1, { strategy });
    await client.engine.settled();
    await setup.surroundings.advance(61_000);
    await client.retitle(1, 'new');
    expect(await client.post(1, { strategy })).toMatchObject(['miss', { title: 'new' }]);
  });

  it('keeps the request alive for a revalidation (vinext#438)', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    const strategy = { ttl: 60, swr: 600 };
    await client.post(1, { strategy });
    await client.engine.settled();
    await setup.surroundings.advance(61_000);
    const before = setup.surroundings.background.length;
    const hold = setup.database.holdNext();
    await client.post(1, { strategy });
    const kept = Promise.all(setup.surroundings.background.slice(before)).then(() => 'settled');
    await setup.surroundings.settle();
    expect(await Promise.race([kept, Promise.resolve('waits')])).toBe('waits');
    hold.release();
    expect(await kept).toBe('settled');
  });

  it('revalidates again when the request that did has died', async () => {
    const setup = new Setup(authority);
    const strategy = { ttl: 60, swr: 6_000 };
    await setup.client().post(1, { strategy });
    await setup.surroundings.advance(61_000);
    setup.database.holdNext(); // never released
    await setup.client().post(1, { strategy });
    await setup.surroundings.advance(60_001);
    const client = setup.client();
    await client.post(1, { strategy });
    await client.engine.settled();
    expect((await client.post(1, { strategy }))[0]).toBe('hit-memory');
  });

  it('invalidates what a tag names and nothing else', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    const tagged = { strategy: { tags: ['home'] } };
    await client.post(1, tagged);
    await client.post(2);
    await client.engine.settled();
    await setup.surroundings.advance(10_000);
    await client.invalidate({ kind: 'tags', tags: ['home'] });
    expect((await client.post(1, tagged))[0]).toBe('miss');
    expect((await client.post(2))[0]).toBe('hit-memory');
  });

  it('invalidates a model, and everything', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    const user = (): ReturnType<Client['get']> =>
      client.get('User', 'findUnique', { where: { id: 7 } });
    await setup.warm(client);
    await user();
    await client.engine.settled();
    await client.invalidate({ kind: 'model', model: 'Post' });
    expect((await client.post(1))[0]).toBe('miss');
    expect((await user())[0]).toBe('hit-memory');
    await client.engine.settled();
    await client.invalidate({ kind: 'all' });
    expect((await user())[0]).toBe('miss');
  });

  it('does not cache what the caller excludes, nor what it must not', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    const bypasses = [{ strategy: false }, { strategy: { ttl: 0 } }, { bypass: 'batch' }] as const;
    for (const options of bypasses) {
      await client.post(1, options);
      await client.engine.settled();
      const { info } = await client.read('Post', 'findUnique', { where: { id: 1 } }, options);
      expect(info.status).toBe('bypass');
      expect(info.reason).toMatch(/strategy|ttl|batch/);
    }
    expect(setup.database.reads()).toBe(6);
    expect((await client.post(1))[0]).toBe('miss');
  });

  it('does not cache a value that cannot be part of a key, nor a model it does not know', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    const odd = await client.read('User', 'findMany', { where: { name: '\ud800' } });
    expect(odd.info).toMatchObject({ status: 'bypass', reason: 'no-key' });
    const unknown = await client.read('Nothing', 'findMany', {});
    expect(unknown.info).toMatchObject({ status: 'bypass', reason: 'not-understood' });
    expect(client.errors.map(({ operation }) => operation)).toEqual(['plan']);
  });

  it('does not store what is larger than the tier allows, and says so', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    setup.database.insert('Post', { id: 1, title: 'x'.repeat(10 * 1024), authorId: 7 });
    await client.post(1);
    await client.engine.settled();
    expect((await client.post(1))[0]).toBe('miss');
    expect(client.events).toContainEqual({
      type: 'skip',
      model: 'Post',
      action: 'findUnique',
      key: expect.any(String) as string,
      reason: 'too-large',
    });
  });

  it('names the entry in its events by the same key as in what it tells the caller', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    setup.database.insert('Post', { id: 1, title: 'x'.repeat(10 * 1024), authorId: 7 });
    const by = { where: { id: 1 } };
    const { info } = await client.read('Post', 'findUnique', by);
    await client.engine.settled();
    await client.read('User', 'findMany', { where: { name: '\ud800' } });
    const keys = client.events.flatMap((event) =>
      event.type === 'read' || event.type === 'skip' ? [event.key] : [],
    );
    expect(info.key).toBeTypeOf('string');
    expect(keys).toEqual([info.key, info.key, undefined]);
  });

  it('keeps the results of users apart, unless every model read is shared', async () => {
    const setup = new Setup(authority);
    setup.database.insert('Country', { id: 1, name: 'Chile' });
    const sharedModels = ['Country'];
    const ada = setup.client({ tenant: 'acme', user: 'ada', sharedModels });
    const bob = setup.client({ tenant: 'acme', user: 'bob', sharedModels });
    for (const client of [ada, bob]) {
      await client.post(1);
      await client.get('Country', 'findMany');
      await client.engine.settled();
    }
    const statuses = (client: Client): readonly string[] =>
      client.events.flatMap((event) => (event.type === 'read' ? [event.status] : []));
    expect(statuses(ada)).toEqual(['miss', 'miss']);
    expect(statuses(bob)).toEqual(['miss', 'hit-memory']);
  });

  it('keeps versions apart and lets their writes invalidate each other', async () => {
    const setup = new Setup(authority);
    const old = setup.client({ version: 'v1' });
    const recent = setup.client({ version: 'v2' });
    await setup.warm(old);
    expect((await recent.post(1))[0]).toBe('miss');
    await recent.retitle(1, 'new');
    expect(await old.post(1)).toMatchObject(['miss', { title: 'new' }]);
  });
});

describe('a result whose epochs have to be asked for after the database', () => {
  it('is stored as the database gave it, whatever the caller does to it meanwhile', async () => {
    const setup = new Setup('kv', 'row');
    const client = setup.client({ tier: 'pro' });
    const list = (): ReturnType<Client['get']> =>
      client.get('Post', 'findMany', { where: { authorId: 7 } });
    const [, posts] = await list();
    (posts as { title: string }[]).forEach((post) => (post.title = 'changed by the caller'));
    await client.engine.settled();
    await setup.surroundings.advance(10_000);
    const [status, again] = await list();
    expect(status).toBe('hit-memory');
    expect(again).toMatchObject([{ title: 'one' }, { title: 'two' }]);
  });
});

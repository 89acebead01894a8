import { describe, expect, it } from 'vitest';
import { DatabaseError } from '../support/database.js';
import { Setup, type AuthorityName } from '../support/setups.js';

const title = (post: readonly [string, unknown]): unknown =>
  (post[1] as { title: string } | null)?.title;

describe.each<AuthorityName>(['memory', 'kv'])('writes over the %s authority', (authority) => {
  it('are seen by every client of the isolate once they are acknowledged', async () => {
    const setup = new Setup(authority);
    const reader = setup.client();
    await setup.warm(reader);
    await setup.client().retitle(1, 'new');
    expect(await reader.post(1)).toMatchObject(['miss', { title: 'new' }]);
  });

  it('reach what their referential actions reach', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    await client.get('Comment', 'findMany', { where: { postId: 1 } });
    await client.engine.settled();
    await setup.surroundings.advance(10_000);
    await client.write('Post', 'delete', { where: { id: 1 } });
    expect(await client.get('Comment', 'findMany', { where: { postId: 1 } })).toEqual(['miss', []]);
  });

  it('leave entries alone that they do not concern', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    await setup.warm(client);
    await client.write('User', 'update', { where: { id: 7 }, data: { name: 'Grace' } });
    expect((await client.post(1))[0]).toBe('hit-memory');
  });

  it('do not resolve before their bump is made: none runs beside the write (drizzle-orm#5828)', async () => {
    const setup = new Setup(authority);
    const reader = setup.client();
    await setup.warm(reader);
    const hold = setup.database.holdNext();
    let acknowledged = false;
    const write = setup.client().retitle(1, 'new');
    void write.then(() => (acknowledged = true));
    await hold.reached;
    expect(acknowledged).toBe(false);
    hold.release();
    await write;
    expect(title(await reader.post(1))).toBe('new');
  });

  it('bump after the commit, so that a fill that races with the write is dead on arrival', async () => {
    const setup = new Setup(authority);
    const writer = setup.client();
    const reader = setup.client();
    const read = setup.database.holdNext();
    const racing = reader.post(1);
    await read.reached; // it has read "one" and captured the epochs
    await writer.retitle(1, 'new');
    read.release();
    await racing;
    await reader.engine.settled();
    await setup.surroundings.advance(10_000);
    expect(title(await setup.client().post(1))).toBe('new');
  });

  it('do not let a read in the middle of a write fill what the write changes', async () => {
    const setup = new Setup(authority);
    const writer = setup.client();
    const reader = setup.client();
    const hold = setup.database.holdNext();
    const write = writer.retitle(1, 'new');
    await hold.reached;
    setup.database.insert('Post', { id: 1, title: 'one', authorId: 7 }); // not committed yet
    await reader.post(1);
    await reader.engine.settled();
    setup.database.insert('Post', { id: 1, title: 'new', authorId: 7 });
    hold.release();
    await write;
    expect(title(await reader.post(1))).toBe('new');
  });

  it('are seen while the clock stands still', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    for (const next of ['a', 'b', 'c']) {
      await client.post(1);
      await client.engine.settled();
      await client.retitle(1, next);
      expect(title(await client.post(1))).toBe(next);
      await client.engine.settled();
      expect(await client.post(1)).toMatchObject(['hit-memory', { title: next }]);
    }
  });

  it('whose client dies between commit and bump are not missed for ever', async () => {
    const setup = new Setup(authority);
    const reader = setup.client({ defaultTTL: 60 });
    await reader.post(1);
    await reader.engine.settled();
    const hold = setup.database.holdNext();
    void setup.client({ writeDeadline: 10_000 }).retitle(1, 'new');
    await hold.reached; // committed; the answer never reaches the writer
    // Over KV only the time to live bounds it; the log closes the write at its deadline.
    await setup.surroundings.advance(authority === 'kv' ? 60_000 : 10_000);
    expect(title(await reader.post(1))).toBe('new');
  });

  it('that the database refuses change nothing where it has transactions', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    await setup.warm(client);
    setup.database.failNext(new DatabaseError('refused'));
    await expect(client.retitle(1, 'new')).rejects.toThrow('refused');
    expect((await client.post(1))[0]).toBe('hit-memory');
    expect(client.invalidated).toEqual([]);
  });

  it.each(['refused', 'untouched'] as const)(
    'whose second statement is %s have changed what the first one did',
    async (kind) => {
      const setup = new Setup(authority, 'row');
      const client = setup.client();
      await client.get('Comment', 'findMany', { where: { postId: 1 } });
      await client.engine.settled();
      await setup.surroundings.advance(10_000);
      const { session } = client;
      let statements = 0;
      const write = client.engine.write({
        operation: { model: 'Comment', action: 'deleteMany', args: { where: { postId: 1 } } },
        context: { tenant: undefined, user: undefined, session },
        runner: {
          isNotFound: () => false,
          // Of the two rows that were seen one is deleted, and another writer has changed the other.
          images: { findMany: () => Promise.resolve([5, 6].map((id) => ({ id, postId: 1 }))) },
          run() {
            statements += 1;
            if (statements === 2) return Promise.reject(new DatabaseError(kind));
            return setup.database.write('Comment', 'deleteMany', { where: { id: 5 } });
          },
        },
      });
      await expect(write).rejects.toThrow(kind);
      expect(await client.get('Comment', 'findMany', { where: { postId: 1 } })).toEqual([
        'miss',
        [],
      ]);
    },
  );

  it('that fail on a database without transactions may have changed something', async () => {
    const setup = new Setup(authority);
    const client = setup.client({ transactions: 'none' });
    await setup.warm(client);
    setup.database.failNext(new DatabaseError('refused'), 'after');
    await expect(client.retitle(1, 'new')).rejects.toThrow('refused');
    expect(await client.post(1)).toMatchObject(['miss', { title: 'new' }]);
  });

  it('of several statements without a transaction may go on after one was refused', async () => {
    const setup = new Setup(authority);
    const client = setup.client({ transactions: 'none', writeDeadline: 10_000 });
    await setup.warm(client);
    setup.database.failNext(new DatabaseError('refused'));
    const data = { title: 'new', comments: { create: [{ id: 8, text: 'x' }] } };
    const write = client.write('Post', 'update', { where: { id: 1 }, data });
    await expect(write).rejects.toThrow('refused');
    expect((await client.post(1))[0]).toBe('bypass');
    // The statement that was still on its way arrives, and a reader elsewhere has filled in between.
    setup.database.insert('Post', { id: 1, title: 'late', authorId: 7 });
    await setup.surroundings.advance(10_001);
    expect(title(await client.post(1))).toBe('late');
  });

  it('of unknown outcome count as done, and as not done yet', async () => {
    const setup = new Setup(authority);
    const client = setup.client({ writeDeadline: 10_000 });
    await setup.warm(client);
    setup.database.failNext(new DatabaseError('unknown'));
    await expect(client.retitle(1, 'new')).rejects.toThrow('unknown');
    expect((await client.post(1))[0]).toBe('bypass');
    // The database commits late, and a reader elsewhere has filled in between.
    setup.database.insert('Post', { id: 1, title: 'late', authorId: 7 });
    await setup.surroundings.advance(10_001);
    expect(title(await client.post(1))).toBe('late');
    await client.engine.settled();
    expect(title(await client.post(1))).toBe('late');
  });

  it('that never reached the database are no writes', async () => {
    const setup = new Setup(authority);
    const client = setup.client({ transactions: 'none' });
    await setup.warm(client);
    setup.database.failNext(new DatabaseError('untouched'));
    await expect(client.retitle(1, 'new')).rejects.toThrow('untouched');
    expect((await client.post(1))[0]).toBe('hit-memory');
  });

  it('of models that the planner does not know bump everything', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    await setup.warm(client);
    await client.write('Mystery', 'create', { data: { id: 1 } });
    expect((await client.post(1))[0]).toBe('miss');
    expect(client.errors).toMatchObject([{ operation: 'plan' }]);
  });

  it('tell onInvalidate what they invalidated', async () => {
    const setup = new Setup(authority);
    const results: unknown[] = [];
    const client = setup.client({ onInvalidate: (...told) => results.push(told) });
    await client.retitle(1, 'new');
    const costEstimate = authority === 'kv' ? 0.000_005 : 0;
    const affected = [{ name: 'Post', model: 'Post' }];
    expect(results).toEqual([
      ['Post', { deleted: 0, incomplete: false, costEstimate, scopes: ['Post!'], affected }],
    ]);
  });

  it('in raw SQL bump the models whose names occur (prisma-redis-middleware#661)', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    await setup.warm(client);
    await client.get('User', 'findMany');
    await client.engine.settled();
    await client.raw('UPDATE "posts" SET title = $1', () => client.retitle(1, 'raw'));
    expect(title(await client.post(1))).toBe('raw');
    expect((await client.get('User', 'findMany'))[0]).toBe('hit-memory');
    await client.raw('SELECT mystery()', () => Promise.resolve([]));
    expect((await client.get('User', 'findMany'))[0]).toBe('miss');
  });

  it('in raw SQL reach what referential actions and declared triggers reach', async () => {
    const setup = new Setup(authority);
    const client = setup.client({ plan: { triggers: { Post: ['User'] } } });
    const statuses = async (): Promise<readonly string[]> => {
      const comments = await client.get('Comment', 'findMany', { where: { postId: 1 } });
      const [users] = await client.get('User', 'findMany');
      const [countries] = await client.get('Country', 'findMany');
      await client.engine.settled();
      return [comments[0], users, countries];
    };
    await statuses();
    await setup.surroundings.advance(10_000);
    expect(await statuses()).toEqual(['hit-memory', 'hit-memory', 'hit-memory']);
    await client.raw('DELETE FROM posts WHERE id = $1', () => Promise.resolve(1));
    expect(await statuses()).toEqual(['miss', 'miss', 'hit-memory']);
  });

  it('in raw SQL bump what the caller declares instead', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    await setup.warm(client);
    const context = { tenant: undefined, user: undefined, session: client.session };
    const run = (): Promise<unknown> => client.retitle(1, 'new');
    await client.engine.raw({
      text: 'CALL anything()',
      models: ['Comment'],
      context,
      run: () => Promise.resolve(0),
    });
    expect((await client.post(1))[0]).toBe('hit-memory');
    await client.engine.raw({ text: 'SELECT 1', models: ['Post'], context, run });
    expect((await client.post(1))[0]).toBe('miss');
    const unknown = client.engine.raw({ text: '', models: ['Nothing'], context, run });
    await expect(unknown).rejects.toMatchObject({ code: 'BOOST_MODEL_UNKNOWN' });
  });

  it('in raw SQL that only read bump nothing', async () => {
    const setup = new Setup(authority);
    const client = setup.client();
    await setup.warm(client);
    await client.raw('SELECT * FROM posts', () => Promise.resolve([]));
    expect((await client.post(1))[0]).toBe('hit-memory');
  });
});

import { describe, expect, it } from 'vitest';
import { DatabaseError } from '../support/database.js';
import { Setup, type AuthorityName } from '../support/setups.js';

describe.each<AuthorityName>(['memory', 'kv'])(
  'transactions over the %s authority',
  (authority) => {
    async function warmed(options = {}): Promise<{
      readonly setup: Setup;
      readonly client: ReturnType<Setup['client']>;
    }> {
      const setup = new Setup(authority);
      const client = setup.client(options);
      await setup.warm(client);
      return { setup, client };
    }

    it('bump once, at the commit (drizzle-orm#4580, django-cacheops#22)', async () => {
      const { client } = await warmed();
      const transaction = client.transaction();
      await client.retitle(1, 'a', transaction);
      await client.retitle(2, 'b', transaction);
      expect(client.invalidated).toEqual([]);
      await transaction.committed();
      expect(client.invalidated).toEqual([{ model: 'Post', incomplete: false }]);
      expect(await client.post(1)).toMatchObject(['miss', { title: 'a' }]);
    });

    it('drop what they collected at a rollback', async () => {
      const { setup, client } = await warmed();
      const transaction = client.transaction();
      await client.retitle(1, 'a', transaction);
      await client.invalidate({ kind: 'all' }, transaction);
      setup.database.insert('Post', { id: 1, title: 'one', authorId: 7 });
      await transaction.rolledBack();
      expect((await client.post(1))[0]).toBe('hit-memory');
      expect(client.invalidated).toEqual([]);
    });

    it('collect manual invalidations too', async () => {
      const { client } = await warmed();
      const transaction = client.transaction();
      await client.invalidate({ kind: 'model', model: 'Post' }, transaction);
      await transaction.committed();
      expect((await client.post(1))[0]).toBe('miss');
    });

    it('count as committed when their outcome is unknown', async () => {
      const { setup, client } = await warmed();
      const transaction = client.transaction();
      await client.retitle(1, 'a', transaction);
      await transaction.unknown();
      await setup.surroundings.advance(60_000);
      expect(await client.post(1)).toMatchObject(['miss', { title: 'a' }]);
    });

    it('bump what a failed statement may have done before it failed', async () => {
      const { setup, client } = await warmed();
      const transaction = client.transaction();
      setup.database.failNext(new DatabaseError('refused'), 'after');
      await expect(client.retitle(1, 'a', transaction)).rejects.toThrow('refused');
      await transaction.committed();
      expect(await client.post(1)).toMatchObject(['miss', { title: 'a' }]);
    });

    it('bump what is not awaited before the commit, with it and when it is done', async () => {
      const { setup, client } = await warmed();
      const transaction = client.transaction();
      const hold = setup.database.holdNext();
      const loose = client.retitle(1, 'a', transaction);
      await hold.reached;
      await transaction.committed();
      expect(client.invalidated).toHaveLength(1);
      hold.release();
      await loose;
      expect(client.invalidated).toHaveLength(2);
      expect(await client.post(1)).toMatchObject(['miss', { title: 'a' }]);
    });

    it('end once: what comes after the end changes nothing', async () => {
      const { client } = await warmed();
      const transaction = client.transaction();
      await client.retitle(1, 'a', transaction);
      await transaction.committed();
      await transaction.rolledBack();
      await transaction.committed();
      expect(client.invalidated).toHaveLength(1);
      expect((await client.post(1))[0]).toBe('miss');
    });

    it('are none where the database has none: every statement bumps, and nothing is dropped', async () => {
      const { client } = await warmed({ transactions: 'none' });
      const transaction = client.transaction();
      await client.retitle(1, 'a', transaction);
      expect(await client.post(1)).toMatchObject(['miss', { title: 'a' }]);
      await transaction.rolledBack();
      expect(await client.post(1)).toMatchObject([expect.any(String), { title: 'a' }]);
      expect(client.invalidated).toHaveLength(1);
    });

    it('store and share nothing that was read inside: no uncommitted read is kept', async () => {
      const { setup, client } = await warmed();
      const transaction = client.transaction();
      await client.retitle(1, 'not committed', transaction);
      const inside = await client.post(1, { bypass: 'transaction' });
      expect(inside).toMatchObject(['bypass', { title: 'not committed' }]);
      await client.engine.settled();
      setup.database.insert('Post', { id: 1, title: 'one', authorId: 7 });
      await transaction.rolledBack();
      expect(await setup.client().post(1)).toMatchObject([expect.any(String), { title: 'one' }]);
    });

    it('refuse a scope that no engine made', async () => {
      const { client } = await warmed();
      const end = (): Promise<void> => Promise.resolve();
      const foreign = { committed: end, rolledBack: end, unknown: end };
      await expect(client.retitle(1, 'a', foreign)).rejects.toMatchObject({
        code: 'BOOST_OPTION_INVALID',
      });
    });
  },
);

describe('the memory authority during a transaction', () => {
  it('holds readers back from what the transaction has written', async () => {
    const setup = new Setup('memory');
    const client = setup.client();
    await setup.warm(client);
    const transaction = client.transaction();
    await client.retitle(1, 'a', transaction);
    expect((await setup.client().post(1))[0]).toBe('bypass');
    await transaction.rolledBack();
    expect((await setup.client().post(1))[0]).toBe('hit-memory');
  });
});

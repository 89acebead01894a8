import { describe, expect, it } from 'vitest';
import { DatabaseError } from '../support/database.js';
import { Setup, type AuthorityName } from '../support/setups.js';

describe.each<AuthorityName>(['memory', 'kv'])('coalescing over the %s authority', (authority) => {
  it('asks the database once for a hundred identical reads of several requests', async () => {
    const setup = new Setup(authority);
    const hold = setup.database.holdNext();
    const clients = Array.from({ length: 100 }, () => setup.client());
    const answers = Promise.all(clients.map((client) => client.read('Post', 'findMany')));
    await hold.reached;
    hold.release();
    const outcomes = await answers;
    expect(setup.database.reads()).toBe(1);
    expect(outcomes.filter(({ info }) => info.coalesced)).toHaveLength(99);
    expect(new Set(outcomes.map(({ result }) => result)).size).toBe(100);
    expect(new Set(outcomes.map(({ result }) => JSON.stringify(result))).size).toBe(1);
  });

  it('gives followers copies that the leader cannot change', async () => {
    const setup = new Setup(authority);
    const hold = setup.database.holdNext();
    const leader = setup.client().read('Post', 'findMany');
    const follower = setup.client().read('Post', 'findMany');
    await hold.reached;
    hold.release();
    const { result } = await leader;
    (result as { title: string }[]).forEach((post) => (post.title = 'changed'));
    expect((await follower).result).toMatchObject([{ title: 'one' }, { title: 'two' }]);
  });

  it('does not answer a read that follows an own write from a flight that began before it', async () => {
    const setup = new Setup(authority);
    const hold = setup.database.holdNext();
    const before = setup.client().post(1);
    await hold.reached; // it has read "one"
    const writer = setup.client();
    await writer.retitle(1, 'new');
    const after = writer.post(1);
    await setup.surroundings.settle();
    hold.release();
    expect(await before).toMatchObject(['miss', { title: 'one' }]);
    expect(await after).toMatchObject(['miss', { title: 'new' }]);
  });

  it('joins an older flight when nothing was written since', async () => {
    const setup = new Setup(authority);
    const hold = setup.database.holdNext();
    const first = setup.client().post(1);
    await hold.reached;
    const second = setup.client().read('Post', 'findUnique', { where: { id: 1 } });
    await setup.surroundings.settle();
    hold.release();
    await first;
    expect((await second).info).toMatchObject({ status: 'miss', coalesced: true });
    expect(setup.database.reads()).toBe(1);
  });

  it('shares one new flight among those whom an older one could not answer', async () => {
    const setup = new Setup(authority);
    const hold = setup.database.holdNext();
    const before = setup.client().post(1);
    await hold.reached;
    const writer = setup.client();
    await writer.retitle(1, 'new');
    const after = Array.from({ length: 20 }, () => writer.post(1));
    await setup.surroundings.settle();
    hold.release();
    await before;
    for (const [, post] of await Promise.all(after)) expect(post).toMatchObject({ title: 'new' });
    expect(setup.database.reads()).toBe(2);
  });

  it('answers followers when the request of the leader has died', async () => {
    const setup = new Setup(authority);
    const hold = setup.database.holdNext(); // its answer never comes
    void setup.client().post(1);
    await hold.reached;
    const followers = [setup.client().post(1), setup.client().post(1), setup.client().post(1)];
    await setup.surroundings.advance(5_000);
    for (const [, post] of await Promise.all(followers)) expect(post).toMatchObject({ id: 1 });
    expect(setup.database.reads()).toBe(2);
  });

  it('keeps the request of the leader alive for its followers', async () => {
    const setup = new Setup(authority);
    const hold = setup.database.holdNext();
    void setup.client().post(1);
    await hold.reached;
    const kept = Promise.all(setup.surroundings.background).then(() => 'settled');
    await setup.surroundings.settle();
    expect(await Promise.race([kept, Promise.resolve('waits')])).toBe('waits');
    hold.release();
    expect(await kept).toBe('settled');
  });

  it('lets each follower hear of a failure from its own query', async () => {
    const setup = new Setup(authority);
    const hold = setup.database.holdNext();
    const leader = setup.client().post(1);
    await hold.reached;
    const follower = setup.client().post(1);
    await setup.surroundings.settle();
    setup.database.failNext(new DatabaseError('unknown'), 'after');
    hold.release();
    await expect(leader).rejects.toThrow('the database says');
    expect(await follower).toMatchObject(['miss', { title: 'one' }]);
  });

  it('lets a strong reader join no flight that is older than itself', async () => {
    const setup = new Setup('memory');
    const hold = setup.database.holdNext();
    const before = setup.client().post(1);
    await hold.reached;
    setup.database.insert('Post', { id: 1, title: 'written elsewhere', authorId: 7 });
    const strong = await setup.client().post(1, { consistency: 'strong' });
    expect(strong).toMatchObject(['miss', { title: 'written elsewhere' }]);
    hold.release();
    await before;
  });

  it('leaves no timer behind', async () => {
    const setup = new Setup(authority);
    await Promise.all([setup.client().post(1), setup.client().post(1)]);
    await setup.surroundings.settle();
    expect(setup.surroundings.pendingTimers).toBe(0);
  });
});

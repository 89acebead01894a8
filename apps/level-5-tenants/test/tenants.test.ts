import type { Site } from 'level-3-pro/site';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fleet, startFleet } from './fleet.ts';

const GUIDE = new URL('../../../docs/getting-started-by-level.md', import.meta.url);
const ACME = { 'x-tenant': 'acme-corp', 'x-user': 'ann' };
const WIDGETS = { 'x-tenant': 'widgets-inc', 'x-user': 'ann' };
const OPERATOR = { 'x-user': 'operator' };

let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet();
});

afterAll(() => fleet.near.close());

test('what the guide shows of this level comes out as it says', () =>
  fleet.near.walk(GUIDE, 'Level 5'));

describe('a raw statement of one tenant', () => {
  const replacement = { from: 'blue', to: 'green' };

  async function hitsOfOther(site: Site): Promise<string[]> {
    const [acme, widgets] = [site.as(ACME), site.as(WIDGETS)];
    for (const tenant of [acme, widgets]) await tenant.warm('/posts');
    await acme.write('POST', '/posts/replacements', replacement);
    const { outcome, body } = await acme.read('/posts');
    expect(outcome).toBe('miss');
    expect(body).toMatchObject([{ content: 'Now in green.' }, { id: 42 }]);
    return widgets.hits(['/posts']);
  }

  test("takes every tenant's posts from the cache at level 3", async () => {
    expect(await hitsOfOther(fleet.level3)).toEqual([]);
  });

  test("leaves the other tenant's at level 5", async () => {
    expect(await hitsOfOther(fleet.near)).toEqual(['/posts']);
    expect((await fleet.near.as(WIDGETS).read('/posts')).body).toMatchObject([
      { id: 51, content: 'Now in blue.' },
    ]);
  });
});

describe('what one tenant has cached', () => {
  test('is no answer to another, also with its cookie, and none to another user', async () => {
    const [acme, widgets] = [fleet.near.as(ACME), fleet.near.as(WIDGETS)];
    const { cookie } = await acme.write('PATCH', '/posts/42', { title: 'Secret rockets' });
    await acme.warm('/posts/42', '/posts');
    expect(await widgets.status('GET', '/posts/42')).toBe(404);
    expect((await widgets.read('/posts', cookie)).body).toMatchObject([{ id: 51 }]);
    expect(await widgets.status('PATCH', '/posts/42', { title: 'Stolen' })).toBe(404);
    expect((await acme.read('/posts/42')).body).toMatchObject({ title: 'Secret rockets' });
    const bob = fleet.near.as({ ...ACME, 'x-user': 'bob' });
    expect(await bob.hits(['/posts/42'])).toEqual([]);
  });

  test('a tenant whose name is taken by Boost is refused', async () => {
    expect(await fleet.near.as({ 'x-tenant': 'public-0' }).status('GET', '/posts')).toBe(400);
  });
});

test('a writer who asks another isolate sees its write by its cookie; a stranger may wait', async () => {
  const [near, far] = [fleet.near.as(ACME), fleet.far.as(ACME)];
  await far.warm('/posts/41', '/posts');
  const before = await far.read('/posts/41');
  const { cookie } = await near.write('PATCH', '/posts/41', { title: 'Anvils, improved' });
  expect(cookie).toMatch(/^boost-ticket-/);
  expect(await far.read('/posts/41')).toEqual(before);
  // Across queries, too: of another read the session has seen nothing yet.
  expect((await far.read('/posts', cookie)).body).toMatchObject([
    { title: 'Anvils, improved' },
    { id: 42 },
  ]);
  expect((await far.read('/posts/41', cookie)).body).toMatchObject({ title: 'Anvils, improved' });
});

describe('without a tenant', () => {
  test('the operator, who says so, is answered from the cache until any tenant writes', async () => {
    const operator = fleet.near.as(OPERATOR);
    await operator.warm('/posts');
    await fleet.near.as(WIDGETS).write('PATCH', '/posts/51', { title: 'Widgets, improved' });
    expect(await operator.read('/posts')).toMatchObject({
      outcome: 'miss',
      body: [{ id: 41 }, { id: 42 }, { id: 51, title: 'Widgets, improved' }],
    });
  });

  test("what the operator writes reaches the tenants' entries", async () => {
    const acme = fleet.near.as(ACME);
    await acme.warm('/posts', '/posts/41');
    await fleet.near.as(OPERATOR).write('PATCH', '/posts/42', { title: 'Withdrawn' });
    expect((await acme.read('/posts')).body).toMatchObject([{ id: 41 }, { title: 'Withdrawn' }]);
    expect(await acme.hits(['/posts/41'])).toEqual(['/posts/41']);
  });

  test('whoever did not say who it is gets nothing that was cached', async () => {
    await fleet.near.as(OPERATOR).warm('/plans');
    for (let read = 0; read < 3; read++) expect(await fleet.near.hits(['/plans'])).toEqual([]);
    expect(await fleet.near.status('GET', '/posts')).toBe(401);
  });
});

describe('the inspector', () => {
  const path = '/__boost/coordinator';

  test('shows the objects of the tenants where the environment is that of development', async () => {
    await fleet.near.as(ACME).warm('/posts');
    const { objects } = (await fleet.near.read(path)).body as { objects: { name: string }[] };
    expect(objects.map(({ name }) => name)).toContain('epoch-acme-corp');
  });

  test('is not there elsewhere', async () => {
    expect(await fleet.far.status('GET', path)).toBe(404);
  });
});

describe('prices, which every tenant reads strongly', () => {
  test('are asked of the database each time at level 3', async () => {
    const visitor = fleet.level3.as(ACME);
    for (let read = 0; read < 3; read++) expect(await visitor.hits(['/plans'])).toEqual([]);
  });

  test('are new for everybody in another data centre that KV has told nothing, and leave what tenants own', async () => {
    const { near, far } = fleet;
    const readers = [far.as(ACME), far.as(WIDGETS)];
    for (const reader of readers) await reader.warm('/plans', '/posts');
    await far.cutOff();
    await near.as(OPERATOR).write('PATCH', '/plans/1', { price: 1100 });
    for (const reader of readers) {
      expect(await reader.read('/plans')).toMatchObject({
        outcome: 'miss',
        body: [{ id: 1, price: 1100 }, { id: 2 }],
      });
      expect(await reader.hits(['/posts'])).toEqual(['/posts']);
    }
  });

  test('are cached for all users of a tenant, which what it owns is not', async () => {
    await fleet.near.as(ACME).warm('/plans', '/posts');
    const other = fleet.near.as({ ...ACME, 'x-user': 'carol' });
    expect(await other.hits(['/plans', '/posts'])).toEqual(['/plans']);
  });

  test('a tenant may not change them', async () => {
    expect(await fleet.near.as(ACME).status('PATCH', '/plans/1', { price: 0 })).toBe(403);
  });
});

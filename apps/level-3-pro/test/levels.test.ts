import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fleet, startFleet } from './fleet.ts';

let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet();
});

afterAll(() => fleet['level-1'].near.close());

const GUIDE = new URL('../../../docs/getting-started-by-level.md', import.meta.url);
const POSTS = ['/posts/41', '/posts/42', '/posts/43'];

test('what the guide shows of this level comes out as it says', () =>
  fleet['level-3'].near.walk(GUIDE, 'Level 3'));

describe('an update of post 42', () => {
  test('invalidates every post at level 1', async () => {
    const { near } = fleet['level-1'];
    await near.warm(...POSTS);
    const { affected } = await near.write('PATCH', '/posts/42', { title: 'New title' });
    expect(affected).toEqual(['Post']);
    expect(await near.hits(POSTS)).toEqual([]);
  });

  test('invalidates post 42 alone at level 3', async () => {
    const { near } = fleet['level-3'];
    await near.warm(...POSTS);
    const { affected } = await near.write('PATCH', '/posts/42', { title: 'New title' });
    expect(affected).toEqual(['Post:42']);
    expect(await near.hits(POSTS)).toEqual(['/posts/41', '/posts/43']);
    expect((await near.read('/posts/42')).body).toMatchObject({ title: 'New title' });
  });
});

describe('a comment that moves from post 42 to post 43', () => {
  const lists = POSTS.map((path) => `${path}/comments`);
  const reads = ['/posts', ...lists];
  const move = { postId: 43 };

  test('invalidates the comments of every post at level 1', async () => {
    const { near } = fleet['level-1'];
    await near.warm(...reads);
    const { affected } = await near.write('PATCH', '/comments/99', move);
    expect(affected).toEqual(['Comment']);
    expect(await near.hits(reads)).toEqual(['/posts']);
  });

  test('names both parents at level 3, and leaves the other posts', async () => {
    const { near } = fleet['level-3'];
    await near.warm(...reads);
    const { affected } = await near.write('PATCH', '/comments/99', move);
    expect(affected).toEqual(['Comment:99', 'Post:42', 'Post:43']);
    expect(await near.hits(reads)).toEqual(['/posts', '/posts/41/comments']);
    expect((await near.read('/posts/42')).body).toMatchObject({ comments: [] });
    expect((await near.read('/posts/43')).body).toMatchObject({ comments: [{ id: 99 }] });
  });
});

describe('a writer who asks another data centre before KV has carried the write there', () => {
  const likes = '/comments/98/likes';

  test('is shown the old number at level 1, which has no sessions', async () => {
    const { near, far } = fleet['level-1'];
    await far.warm(likes);
    await far.cutOff();
    const { cookie } = await near.write('POST', likes);
    expect(cookie).toBe('');
    expect(await far.read(likes)).toEqual({ outcome: 'hit', body: { likes: 1 } });
  });

  test('is shown its own write at level 3; a stranger still sees the old number', async () => {
    const { near, far } = fleet['level-3'];
    await far.warm(likes);
    await far.cutOff();
    const { cookie } = await near.write('POST', likes);
    expect(cookie).toMatch(/^boost-ticket-/);
    expect(await far.read(likes, cookie)).toEqual({ outcome: 'miss', body: { likes: 2 } });
    expect(await far.read(likes)).toEqual({ outcome: 'hit', body: { likes: 1 } });
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Call, type Server, startServer } from '../demo/server.ts';
import type { Report } from '../demo/worker/report.ts';
import { askOf, walk } from './walk.ts';

let server: Server;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

/** Reads through the cache; the answer has to be that of a client without one. */
async function read(path: string): Promise<Report & { readonly outcome: string }> {
  const call: Call = { method: 'GET', path };
  const { status, body, report } = await server.ask(call);
  await server.totals();
  const plain = await server.ask(call, 'plain');
  expect({ status, body }).toEqual({ status: plain.status, body: plain.body });
  expect(report.reads).toHaveLength(1);
  return { ...report, outcome: report.reads[0]?.status.startsWith('hit') ? 'hit' : 'miss' };
}

async function outcomes(paths: readonly string[]): Promise<string[]> {
  const all: string[] = [];
  for (const path of paths) all.push((await read(path)).outcome);
  return all;
}

/** Reads until each path is answered from the cache. */
async function warm(...paths: readonly string[]): Promise<void> {
  await outcomes(paths);
  expect(await outcomes(paths)).toEqual(paths.map(() => 'hit'));
}

async function write(method: Call['method'], path: string, body?: unknown): Promise<Report> {
  const { status, report } = await server.ask({ method, path, body });
  expect(status).toBeLessThan(300);
  return report;
}

async function createPost(fields: object = {}): Promise<number> {
  const body = { title: 'Title', content: 'Content', published: true, ...fields };
  const answer = await server.ask({ method: 'POST', path: '/posts', body });
  expect(answer.status).toBe(201);
  return (JSON.parse(answer.body) as { id: number }).id;
}

async function createComment(postId: number): Promise<number> {
  const path = `/posts/${postId}/comments`;
  const answer = await server.ask({ method: 'POST', path, body: { content: 'Comment' } });
  expect(answer.status).toBe(201);
  return (JSON.parse(answer.body) as { id: number }).id;
}

test('what README shows to try comes out as it says', () =>
  walk(askOf(server), new URL('../README.md', import.meta.url)));

test('a read asks the database once, and then not at all', async () => {
  const path = `/posts/${await createPost()}`;

  const cold = await read(path);
  const warmed = await read(path);

  expect(cold.outcome).toBe('miss');
  expect(cold.statements).toBeGreaterThan(0);
  expect(warmed.outcome).toBe('hit');
  expect(warmed.statements).toBe(0);
});

test('an update invalidates all reads of its model, and no read of another', async () => {
  const updated = await createPost();
  const other = await createPost();
  const comment = await createComment(other);
  const reads = ['/posts?published=true', `/posts/${updated}`, `/posts/${other}`];
  const likes = `/comments/${comment}/likes`;
  await warm(...reads, likes);

  const { invalidations } = await write('PATCH', `/posts/${updated}`, { title: 'New title' });

  expect(invalidations.flatMap(({ scopes }) => scopes)).toEqual(['Post!']);
  expect(await outcomes(reads)).toEqual(['miss', 'miss', 'miss']);
  expect((await read(likes)).outcome).toBe('hit');
});

test('a new comment invalidates the post that shows it, not the list that does not', async () => {
  const post = await createPost();
  await warm('/posts?published=true', `/posts/${post}`);

  await createComment(post);

  expect((await read('/posts?published=true')).outcome).toBe('hit');
  expect((await read(`/posts/${post}`)).outcome).toBe('miss');
});

test('a comment that moves disappears from one post and appears on the other', async () => {
  const [from, to] = [await createPost(), await createPost()];
  const comment = await createComment(from);
  await warm(`/posts/${from}`, `/posts/${to}`);

  await write('PATCH', `/comments/${comment}`, { postId: to });

  expect(await outcomes([`/posts/${from}`, `/posts/${to}`])).toEqual(['miss', 'miss']);
});

test('a post that was not found is found once it is created', async () => {
  const path = `/posts/${(await createPost()) + 1}`;
  await warm(path);

  await createPost();

  expect((await read(path)).outcome).toBe('miss');
});

test('a nested write invalidates every model in its tree', async () => {
  const post = await createPost({ tags: ['nested'] });
  await warm('/tags', `/posts/${post}`);

  const body = { title: 'T', content: 'C', comments: ['One'], tags: ['nested', 'fresh'] };
  const { invalidations } = await write('POST', '/posts', body);

  const scopes = invalidations.flatMap((invalidation) => invalidation.scopes);
  expect(scopes).toEqual(expect.arrayContaining(['Post!', 'Comment!', 'Tag!', '_PostToTag!']));
  expect(await outcomes(['/tags', `/posts/${post}`])).toEqual(['miss', 'miss']);
});

test('a delete invalidates what the database deletes with it', async () => {
  const comment = await createComment(await createPost());
  const likes = `/comments/${comment}/likes`;
  await write('POST', likes);
  await warm(likes);

  await write('DELETE', `/comments/${comment}`);

  expect((await read(likes)).outcome).toBe('miss');
});

test('deleting a post in a batch removes it from its tags', async () => {
  const post = await createPost({ tags: ['batch'], comments: ['One'] });
  await warm('/tags', `/posts/${post}`);

  await write('DELETE', `/posts/${post}`);

  expect(await outcomes(['/tags', `/posts/${post}`])).toEqual(['miss', 'miss']);
});

test('a batch whose second statement fails invalidates for the first, which D1 keeps', async () => {
  const post = await createPost({ published: false });
  await warm(`/posts/${post}`, '/posts?published=true');

  const path = `/posts/${post}/publication`;
  const body = { content: 'Comment', commentOn: 999_999 };
  const answer = await server.ask({ method: 'POST', path, body });

  expect(answer.status).toBe(409);
  const reread = await read(`/posts/${post}`);
  expect(reread.outcome).toBe('miss');
  expect((await read('/posts?published=true')).outcome).toBe('miss');
});

test('a hundred identical reads at once ask the database once', async () => {
  const path = `/posts/${await createPost()}`;
  const single = await server.ask({ method: 'GET', path }, 'plain');
  await server.totals();

  const call: Call = { method: 'GET', path };
  const answers = await Promise.all(Array.from({ length: 100 }, () => server.ask(call)));

  const statements = answers.reduce((sum, { report }) => sum + report.statements, 0);
  expect(statements).toBe(single.report.statements);
  expect(new Set(answers.map(({ body }) => body))).toEqual(new Set([single.body]));
});

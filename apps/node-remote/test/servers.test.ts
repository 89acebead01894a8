import { readFile, readdir } from 'node:fs/promises';
import { createLibsqlDatabase, ddlFor, type LibsqlDatabase } from '@boost-tooling/database';
import { createRemoteCloudflareAdapter } from 'prisma-boost/adapters';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { walk } from 'level-1-d1/walk';
import { startKV, type LocalKV } from '../dev/kv.ts';
import { startServer, type Server } from './server.ts';

const read = (path: string): Promise<string> =>
  readFile(new URL(`../${path}`, import.meta.url), 'utf8');

const GUIDE = new URL('../../../docs/getting-started-by-level.md', import.meta.url);
const CREDENTIALS = { accountId: 'test', namespaceId: 'test', apiToken: 'test' };

let kv: LocalKV;
let database: LibsqlDatabase;
let servers: [Server, Server];

beforeEach(async () => {
  [kv, database] = await Promise.all([
    startKV(CREDENTIALS.namespaceId),
    createLibsqlDatabase(await read('prisma/schema.prisma')),
  ]);
  const env = {
    CF_ACCOUNT_ID: CREDENTIALS.accountId,
    CF_NAMESPACE_ID: CREDENTIALS.namespaceId,
    CF_API_TOKEN: CREDENTIALS.apiToken,
    CF_ACCOUNT_URL: kv.accountUrl,
    DATABASE_URL: database.url,
  };
  servers = await Promise.all([startServer(env), startServer(env)]);
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await Promise.all([kv.stop(), database.drop()]);
});

/** Resolves when KV has as many entries of the model; servers store them after they have answered. */
async function stored(model: string, count: number): Promise<void> {
  const adapter = createRemoteCloudflareAdapter({ ...CREDENTIALS, accountUrl: kv.accountUrl });
  for (;;) {
    const { keys } = await adapter.list('node-remote:');
    if (keys.filter((key) => key.includes(`:${model}:`)).length >= count) return;
  }
}

describe('two servers over one KV', () => {
  test('answer from what either has read', async () => {
    const [one, other] = servers;
    await database.execute(`INSERT INTO "Post" ("title") VALUES ('old')`);
    const posts = [{ id: 1, title: 'old' }];
    expect((await one.ask('GET', '/posts')).body).toEqual(posts);
    await stored('Post', 1);
    // Behind their backs: what they answer now comes from KV.
    await database.execute(`UPDATE "Post" SET "title" = 'unseen'`);
    expect((await one.ask('GET', '/posts')).body).toEqual(posts);
    expect((await other.ask('GET', '/posts')).body).toEqual(posts);
  });

  test('show a caller its own writes, and keep what they did not change', async () => {
    const [one, other] = servers;
    await database.execute(`INSERT INTO "Post" ("title") VALUES ('first'), ('second')`);
    for (const id of [1, 2]) await one.ask('GET', `/posts/${id}`);
    await stored('Post', 2);
    await database.execute(`UPDATE "Post" SET "title" = 'unseen' WHERE "id" = 2`);

    const { status, session } = await one.ask('PATCH', '/posts/1', { title: 'changed' });
    expect(status).toBe(204);
    expect(session).toContain('boost-ticket=');
    for (const server of servers) {
      const { body } = await server.ask('GET', '/posts/1', undefined, session);
      expect(body).toMatchObject({ title: 'changed' });
    }
    expect((await other.ask('GET', '/posts/2')).body).toMatchObject({ title: 'second' });
  });

  test('show the comment under its post', async () => {
    const [one, other] = servers;
    await one.ask('POST', '/posts', { title: 'post' });
    expect((await other.ask('GET', '/posts/1')).body).toMatchObject({ comments: [] });
    await stored('Post', 1);
    const written = await one.ask('POST', '/posts/1/comments', { content: 'Nice!' });
    expect(written.status).toBe(201);
    const { body } = await other.ask('GET', '/posts/1', undefined, written.session);
    expect(body).toMatchObject({ comments: [{ content: 'Nice!' }] });
  });

  test('do what the guide shows', () =>
    walk(
      async ({ method, path, body, cookie }) => {
        const answer = await servers[0].ask(method, path, body, cookie);
        return { ...answer, body: JSON.stringify(answer.body), cookie: answer.session };
      },
      GUIDE,
      'Node',
    ));

  test('answer from the database without the API', async () => {
    const [one] = servers;
    await one.ask('POST', '/posts', { title: 'before' });
    await kv.stop();
    expect((await one.ask('PATCH', '/posts/1', { title: 'after' })).status).toBe(204);
    expect((await one.ask('GET', '/posts')).body).toEqual([{ id: 1, title: 'after' }]);
  });

  test('say what they cannot do', async () => {
    const [one] = servers;
    expect((await one.ask('GET', '/posts/1')).status).toBe(404);
    expect((await one.ask('PATCH', '/posts/1', { title: 'x' })).status).toBe(404);
    expect((await one.ask('POST', '/posts', { title: '' })).status).toBe(400);
  });
});

test('the migrations build the tables of the schema', async () => {
  const names = await readdir(new URL('../migrations', import.meta.url));
  const migrations = await Promise.all(names.sort().map((name) => read(`migrations/${name}`)));
  expect(migrations.join('\n').trim()).toBe(
    (await ddlFor(await read('prisma/schema.prisma'))).trim(),
  );
});

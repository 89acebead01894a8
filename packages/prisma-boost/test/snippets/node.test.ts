import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createLibsqlDatabase, type LibsqlDatabase } from '@boost-tooling/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  startMiniflareApi,
  type MiniflareApi,
} from '../../../adapter-remote/test/support/miniflare-api.js';
import { createRemoteCloudflareAdapter } from '../../src/adapters.js';
import { createProject, type Project } from './project.js';
import { runVitest } from './vitest-run.js';

const PAGE = new URL('../../../../docs/node.md', import.meta.url);
const SNIPPET = /^```\w+ file=(\S+)\n(.*?)^```$/gms;
const ACCOUNT = 'your-account-id';
const NAMESPACE = 'your-kv-namespace-id';

/** The page's addresses are Cloudflare's: what it sends there goes to Miniflare. */
const REDIRECT = `const { fetch } = globalThis;
const CLOUDFLARE = 'https://api.cloudflare.com/client/v4/accounts/${ACCOUNT}';
globalThis.fetch = (url, init) =>
  fetch(String(url).replace(CLOUDFLARE, process.env.ACCOUNT_URL), init);
`;

const CONFIG = `import { fileURLToPath } from 'node:url';

export default {
  resolve: { alias: { '@prisma/client': fileURLToPath(new URL('prisma/generated/client/index.js', import.meta.url)) } },
  test: { setupFiles: ['./redirect.mjs'], testTimeout: 60_000 },
};
`;

/** Looks at what the application made, in the process that it runs in. */
const APP_TEST = `import { expect, test } from 'vitest';
import { adapter, posts, prisma } from './app';
import { extension } from './best-practices';

test('the application caches, and sees its own writes', async () => {
  expect(posts).toEqual([]);
  const created = await prisma.post.create({ data: { title: 'one' } });
  expect(await prisma.post.findMany()).toEqual([created]);
  await prisma.post.update({ where: { id: created.id }, data: { title: 'two' } });
  expect(await prisma.post.findUnique({ where: { id: created.id } })).toEqual({ ...created, title: 'two' });
  await prisma.$cleanup();
  const { keys } = await adapter.list('dev-cache:');
  expect(keys.filter((key) => key.includes(':e:')).length).toBeGreaterThan(0);
  expect(keys.filter((key) => key.includes(':Post:')).length).toBeGreaterThan(0);
  expect(extension).toBeDefined();
});
`;

let api: MiniflareApi;
let database: LibsqlDatabase;
let app: Project;
let snippets: ReadonlyMap<string, string>;

beforeAll(async () => {
  const page = await readFile(PAGE, 'utf8');
  snippets = new Map(
    [...page.matchAll(SNIPPET)].map(([, file = '', text = '']): [string, string] => [file, text]),
  );
  const schema = snippets.get('prisma/schema.prisma') ?? '';
  [api, database] = await Promise.all([startMiniflareApi(NAMESPACE), createLibsqlDatabase(schema)]);
  app = await createProject({
    directory: fileURLToPath(new URL('../generated/node', import.meta.url)),
    client: 'prisma/generated/client',
    include: ['*.ts'],
    files: {
      'package.json': JSON.stringify({ name: 'my-app', private: true, type: 'module' }),
      ...Object.fromEntries(snippets),
      'app.test.ts': APP_TEST,
      'redirect.mjs': REDIRECT,
      'vitest.config.mjs': CONFIG,
    },
  });
  await app.generate();
});

afterAll(async () => {
  await Promise.all([api.stop(), database.drop()]);
});

function vitest(file: string): Promise<string> {
  return runVitest(app.directory, file, {
    CF_ACCOUNT_ID: ACCOUNT,
    CF_NAMESPACE_ID: NAMESPACE,
    CF_API_TOKEN: 'your-api-token',
    DATABASE_URL: database.url,
    ACCOUNT_URL: api.accountUrl,
  });
}

function keysOf(namespace: string): Promise<string[]> {
  const adapter = createRemoteCloudflareAdapter({
    accountId: ACCOUNT,
    namespaceId: NAMESPACE,
    apiToken: 'your-api-token',
    accountUrl: api.accountUrl,
  });
  return adapter.list(`${namespace}:`).then(({ keys }) => keys);
}

test('the Node snippets of the page compile', async () => {
  await app.compile();
});

test('the application of the page runs', async () => {
  expect(await vitest('app.test.ts')).toContain('1 passed');
  expect(await keysOf('dev-cache')).not.toEqual([]);
});

test('the test of the page runs in Vitest, and cleans up', async () => {
  expect(await vitest('cache.test.ts')).toContain('1 passed');
  expect(await keysOf('test-cache')).toEqual([]);
});

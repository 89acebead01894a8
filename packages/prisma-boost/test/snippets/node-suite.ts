import { createLibsqlDatabase, type LibsqlDatabase } from '@boost-tooling/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startMiniflareApi,
  type MiniflareApi,
} from '../../../adapter-remote/test/support/miniflare-api.js';
import { createRemoteCloudflareAdapter } from '../../src/adapters.js';
import { snippetsOfPage } from './page.js';
import { createProject, type Project } from './project.js';
import { runVitest } from './vitest-run.js';

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

export interface NodeHarness {
  readonly name: string;
  /** A folder inside a package that has this version of Prisma. */
  readonly root: string;
  /** A snippet as this version writes it. @param file - its path */
  written(text: string, file: string): string;
}

/** The page about Node, with one version of Prisma: its application and its tests, in Vitest, over the API that Miniflare serves. */
export function nodeSnippets({ name, root, written }: NodeHarness): void {
  describe(`the page about Node with ${name}`, () => {
    let api: MiniflareApi;
    let database: LibsqlDatabase;
    let app: Project;

    beforeAll(async () => {
      const snippets: Record<string, string> = {};
      for (const { file, text } of await snippetsOfPage('node')) {
        if (file !== undefined) snippets[file] = written(text, file);
      }
      const schema = snippets['prisma/schema.prisma'] ?? '';
      [api, database] = await Promise.all([
        startMiniflareApi(NAMESPACE),
        createLibsqlDatabase(schema),
      ]);
      app = await createProject({
        directory: root,
        client: 'prisma/generated/client',
        include: ['*.ts'],
        files: {
          'package.json': JSON.stringify({ name: 'my-app', private: true, type: 'module' }),
          ...snippets,
          'app.test.ts': APP_TEST,
          'redirect.mjs': REDIRECT,
          'vitest.config.mjs': CONFIG,
        },
      });
      await app.generate();
    }, 120_000);

    afterAll(async () => {
      await Promise.all([api.stop(), database.drop()]);
    });

    async function keysOf(namespace: string): Promise<string[]> {
      const adapter = createRemoteCloudflareAdapter({
        accountId: ACCOUNT,
        namespaceId: NAMESPACE,
        apiToken: 'your-api-token',
        accountUrl: api.accountUrl,
      });
      return (await adapter.list(`${namespace}:`)).keys;
    }

    test('compiles', () => app.compile());

    test('its application runs; so do its tests, which clean up', async () => {
      const said = await runVitest(app.directory, ['app.test.ts', 'cache.test.ts'], {
        CF_ACCOUNT_ID: ACCOUNT,
        CF_NAMESPACE_ID: NAMESPACE,
        CF_API_TOKEN: 'your-api-token',
        DATABASE_URL: database.url,
        ACCOUNT_URL: api.accountUrl,
      });
      expect(said).toMatch(/Tests +2 passed/);
      expect(await keysOf('dev-cache')).not.toEqual([]);
      expect(await keysOf('test-cache')).toEqual([]);
    });
  });
}

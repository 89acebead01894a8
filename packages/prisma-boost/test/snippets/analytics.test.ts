import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ddlFor } from '@boost-tooling/database';
import { expect, onTestFinished, test } from 'vitest';
import { createTestHarness } from 'wrangler';
import { snippet } from './page.js';
import { createProject } from './project.js';

const PAGE = new URL('../../../../docs/analytics.md', import.meta.url);
/** Of the same application. */
const INSPECTOR_PAGE = new URL('../../../../docs/inspector.md', import.meta.url);
const SNIPPET = /^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms;

interface Bindings {
  readonly DB: { prepare(sql: string): { run(): Promise<unknown> } };
}

/** Statements of the page that stand for themselves, in a module that compiles. */
const inModule = (
  statements: readonly string[],
): string => `import { appendFileSync } from 'node:fs';
import { createCacheExtension } from 'prisma-boost';
import {
  affinity,
  createSqlApi,
  detectHotTenants,
  modelPair,
  placementHints,
  spentThisMonth,
  type DataPoint,
} from 'prisma-boost/analytics';

type Options = Parameters<typeof import('prisma-boost').createCacheExtension>[0];

export function examples(others: Options, accountId: string, apiToken: string) {
  return [
${statements.map((text) => `    async () => {\n${text.replaceAll('// … other options', '...others,')}\n    },`).join('\n')}
  ];
}
`;

test('what is documented of analytics and of the inspector compiles, and a worker runs', async () => {
  const page = await readFile(PAGE, 'utf8');
  const snippets = [...page.matchAll(SNIPPET)].map(([, language, file, text = '']) => ({
    ...{ language, file, text },
  }));
  const named = (name: string): string => {
    const found = snippets.find(({ file }) => file === name);
    if (found === undefined) throw new Error(`The page has no ${name}.`);
    return found.text;
  };
  const statements = snippets.filter(
    ({ language, file }) => language === 'ts' && file === undefined,
  );
  expect(statements).toHaveLength(3);
  const [, inspector = ''] = /^```ts file=\S+\n(.*?)^```$/ms.exec(
    await readFile(INSPECTOR_PAGE, 'utf8'),
  ) ?? [''];
  expect(inspector).toContain('createInspector');
  const level1 = await snippet(1, 'prisma/schema.prisma');
  const schema = level1
    .replace(/^\s*url .*\n/m, '')
    .replace(/^\s*previewFeatures .*$/m, '  output = "./generated/client"');
  const project = await createProject({
    directory: fileURLToPath(new URL('../generated/analytics', import.meta.url)),
    client: 'prisma/generated/client',
    files: {
      'package.json': JSON.stringify({ name: 'my-app', private: true, type: 'module' }),
      'prisma/schema.prisma': schema,
      'src/index.ts': named('src/index.ts'),
      'src/inspector.ts': inspector,
      'src/examples.ts': inModule(statements.map(({ text }) => text)),
      'wrangler.toml': [
        'main = "src/index.ts"',
        await snippet(1, 'wrangler.toml'),
        named('wrangler.toml'),
        '[alias]\n"@prisma/client" = "./prisma/generated/client/edge.js"',
      ].join('\n'),
    },
  });
  await project.generate();
  await project.compile();

  process.env['CLOUDFLARE_CF_FETCH_ENABLED'] ??= 'false';
  const harness = createTestHarness({
    root: project.directory,
    workers: [{ configPath: 'wrangler.toml' }],
  });
  const { url } = await harness.listen();
  onTestFinished(() => harness.close());
  const { DB } = await harness.getWorker<Bindings>().getEnv();
  for (const statement of (await ddlFor(level1)).split(/;\s*\n/)) {
    const sql = statement.replace(/^--.*$/gm, '').trim();
    if (sql !== '') await DB.prepare(sql).run();
  }
  await DB.prepare(`INSERT INTO "Post" ("id", "title", "content") VALUES (1, 'one', '')`).run();
  const response = await fetch(url);
  expect(await response.json()).toMatchObject([{ id: 1, title: 'one' }]);
}, 120_000);

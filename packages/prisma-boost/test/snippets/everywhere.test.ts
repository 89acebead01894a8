import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { inModule, SURROUNDINGS } from './loose.js';
import { snippetsIn, type Snippet } from './page.js';
import { createProject } from './project.js';

/** Every snippet of every page: one that a test of its page takes, or one that is tried here. A new page needs no line in any test. */

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

const PAGES = globSync(['README.md', 'docs/**/*.md', 'packages/*/README.md'], {
  cwd: ROOT,
  exclude: ['**/node_modules'],
}).sort();

const CHECKED = new Set(['js', 'ts', 'tsx', 'jsonc', 'json', 'prisma', 'sql', 'toml']);

const textOf = (path: string): Promise<string> =>
  readFile(new URL(path, `file://${ROOT}/`), 'utf8');

/** The tests that take snippets one by one, as they are named there. */
const takers = (
  await Promise.all(
    ['applications.ts', 'suite.ts'].map((file) => readFile(new URL(file, import.meta.url), 'utf8')),
  )
).join('\n');

interface Placed extends Snippet {
  readonly page: string;
  /** The heading of the second rank that it stands under. */
  readonly section: string;
}

async function snippetsOf(page: string): Promise<readonly Placed[]> {
  const sections = (await textOf(page)).split(/^(?=## )/m);
  return sections.flatMap((text) =>
    snippetsIn(text)
      .filter(({ language }) => CHECKED.has(language))
      .map((snippet) => ({ ...snippet, page, section: /^## (.*)/.exec(text)?.[1] ?? '' })),
  );
}

/** Pages with a test of their own, and what of them it takes. */
const TAKEN: Readonly<Record<string, (snippet: Placed) => boolean>> = {
  // Every file of the page: apps/level-1-d1/test/getting-started.test.ts, from-accelerate, node, writing-an-adapter.
  'docs/getting-started.md': ({ file }) => file !== undefined,
  'docs/from-accelerate.md': ({ file }) => file !== undefined,
  'docs/node.md': ({ file }) => file !== undefined,
  'docs/writing-an-adapter.md': ({ file }) => file !== undefined,
  'docs/levels.md': ({ file, section }) => {
    const level = /^Level (\d)/.exec(section)?.[1] ?? '?';
    return takers.includes(`snippet(${level}, '${String(file)}')`);
  },
  // What has no name is counted there; SQL is run by tooling/clickhouse/test/documentation.test.ts.
  'docs/analytics.md': ({ file, language }) =>
    language === 'sql' || file === undefined || takers.includes(`named('${file}')`),
  // All in one: five examples, in an application that runs.
  'docs/invalidation.md': ({ language }) => language === 'ts',
  // The first that names a file.
  'docs/inspector.md': ({ file }) => file === 'src/index.ts',
};

const all = (await Promise.all(PAGES.map(snippetsOf))).flat();
const isTaken = (snippet: Placed): boolean => TAKEN[snippet.page]?.(snippet) ?? false;
const taken = all.filter(isTaken);
const loose = all.filter((snippet) => !isTaken(snippet));

test('pages with a test of their own have no snippet that it does not take', () => {
  expect(loose.filter(({ page }) => page in TAKEN)).toEqual([]);
  expect(new Set(taken.map(({ page }) => page))).toEqual(new Set(Object.keys(TAKEN)));
});

test('what is no TypeScript elsewhere stands on one of those pages, or generates', () => {
  const texts = taken.map(({ text }) => text);
  const others = loose.filter(({ language }) => language !== 'ts' && language !== 'prisma');
  expect(others.filter(({ text }) => !texts.some((known) => known.includes(text)))).toEqual([]);
});

test('TypeScript elsewhere compiles, and does not where an option is misspelt', async () => {
  const scripts = loose.filter(({ language }) => language === 'ts');
  expect(scripts.length).toBeGreaterThan(10);
  const fileOf = ({ page }: Placed, index: number): string =>
    `src/${page.replace(/\W+/g, '-')}-${String(index)}.ts`;
  const modules = scripts.map((snippet, index): [string, string] => [
    fileOf(snippet, index),
    inModule(snippet.text),
  ]);
  const [, example = ''] = modules.find(([, text]) => text.includes("accountTier: 'free'")) ?? [];
  const generators = loose.filter(({ language }) => language === 'prisma');
  const generator = generators.find(({ text }) => text.includes('track'))?.text ?? '';
  for (const { text } of generators) expect(generator).toContain(text.replace(/\n}\n$/, ''));
  const project = await createProject({
    directory: fileURLToPath(new URL('../generated/everywhere', import.meta.url)),
    client: 'prisma/generated/client',
    files: {
      'package.json': '{ "name": "my-app", "private": true, "type": "module" }',
      'prisma/schema.prisma': `${SURROUNDINGS.schema}\n${generator}`,
      'src/surroundings.ts': SURROUNDINGS.declarations,
      'src/client.ts': SURROUNDINGS.client,
      'src/wrong.ts': example.replace('accountTier:', 'accountTear:'),
      ...Object.fromEntries(modules),
    },
  });
  await project.generate();
  const said = await project.compile().then(
    () => 'nothing',
    (error: unknown) => (error as Error).message,
  );
  expect(said.trim().split('\n')).toEqual([expect.stringMatching(/^src\/wrong\.ts.*accountTear/)]);
}, 120_000);

test('commands exist', async () => {
  const { scripts } = JSON.parse(await textOf('package.json')) as { scripts: object };
  const tasks = (JSON.parse(await textOf('turbo.json')) as { tasks: object }).tasks;
  const commands = globSync('*.ts', { cwd: new URL('../../src/cli/commands', import.meta.url) });
  const known = [
    ...Object.keys(scripts).flatMap((name) => [`npm run ${name}`, `npm ${name}`, `pnpm ${name}`]),
    ...Object.keys(tasks).map((name) => `pnpm exec turbo run ${name}`),
    ...commands.map((file) => `npx prisma-boost ${file.replace(/\.ts$/, '')}`),
    ...['npm install', 'npx prisma generate', 'npx wrangler', 'npx prisma migrate'],
  ];
  const shown = (await Promise.all(PAGES.map(textOf)))
    .flatMap(snippetsIn)
    .filter(({ language, file }) => language === 'sh' && file === undefined)
    .flatMap(({ text }) => text.split('\n'))
    .filter((line) => /^(npm|npx|pnpm) /.test(line));
  expect(shown.filter((line) => !known.some((command) => line.startsWith(command)))).toEqual([]);
});

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { inModule, SURROUNDINGS } from './loose.js';
import { PAGES, snippetsIn, textOf, type Snippet } from './page.js';
import { createProject } from './project.js';

/** Every snippet of every page: one that a test of its page takes, or one that is tried here. A new page needs no line in any test. */

const CHECKED = new Set(['js', 'ts', 'tsx', 'jsonc', 'json', 'prisma', 'sql', 'toml']);

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

/** Names a file of the repository: an excerpt of it, which its own package compiles. */
const isExcerpt = ({ file }: Snippet): boolean => /^(?:apps|packages|tooling)\//.test(file ?? '');

/** What READMEs of folders import that this package does not depend on. */
const MODULES = Object.fromEntries(
  Object.entries({
    'example-boost-adapter-redis': 'apps/third-party-adapter/src/index.ts',
    redis: 'apps/third-party-adapter/node_modules/redis',
    '@boost-tooling/browser': 'tooling/browser/index.d.mts',
  }).map(([name, path]) => [name, fileURLToPath(new URL(`../../../../${path}`, import.meta.url))]),
);

const all = (await Promise.all(PAGES.map(snippetsOf))).flat();
const isTaken = (snippet: Placed): boolean => TAKEN[snippet.page]?.(snippet) ?? false;
const taken = all.filter(isTaken);
const excerpts = all.filter(isExcerpt);
const loose = all.filter((snippet) => !isTaken(snippet) && !isExcerpt(snippet));

test('pages with a test of their own have no snippet that it does not take', () => {
  expect(loose.filter(({ page }) => page in TAKEN)).toEqual([]);
  expect(new Set(taken.map(({ page }) => page))).toEqual(new Set(Object.keys(TAKEN)));
});

/** An excerpt may come from inside of a function. */
const flat = (text: string): string => text.replace(/^ +/gm, '').trim();

test('what names a file of the repository is in it', async () => {
  const absent: Placed[] = [];
  for (const snippet of excerpts) {
    const source = await textOf(snippet.file ?? '');
    if (!flat(source).includes(flat(snippet.text))) absent.push(snippet);
  }
  expect(absent).toEqual([]);
  expect(excerpts.length).toBeGreaterThan(15);
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
    modules: MODULES,
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

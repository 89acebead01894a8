import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { createProject, type Project } from './project.js';
import { runVitest } from './vitest-run.js';

const PAGE = new URL('../../../../docs/writing-an-adapter.md', import.meta.url);
const SNIPPET = /^```\w+ file=(\S+)\n(.*?)^```$/gms;
const DIRECTORY = fileURLToPath(new URL('../generated/writing-an-adapter', import.meta.url));

let snippets: Readonly<Record<string, string>>;

beforeAll(async () => {
  const found = [...(await readFile(PAGE, 'utf8')).matchAll(SNIPPET)];
  snippets = Object.fromEntries(found.map(([, file = '', text = '']) => [file, text]));
});

function project(files: Readonly<Record<string, string>>): Promise<Project> {
  return createProject({
    directory: DIRECTORY,
    client: 'none',
    include: ['src', 'test'],
    files: {
      'package.json': '{ "name": "my-adapter", "private": true, "type": "module" }',
      ...files,
    },
  });
}

test('the adapter of the page compiles, and keeps to the contract', async () => {
  expect(Object.keys(snippets)).toHaveLength(3);
  const { directory, compile } = await project(snippets);
  await compile();
  expect(await runVitest(directory, ['test/sqlite-adapter.test.ts'])).toMatch(/Tests +\d+ passed/);
});

test('the tests of the page notice a mistake', async () => {
  const adapter = 'src/sqlite-adapter.ts';
  const right = ' AND expires_at_ms > :now ORDER BY key LIMIT';
  expect(snippets[adapter]).toContain(right);
  const wrong = snippets[adapter]?.replace('ORDER BY key ', '') ?? '';
  const { directory } = await project({
    ...snippets,
    [adapter]: wrong.replace('key > :cursor', 'key >= :cursor'),
  });
  const running = runVitest(directory, ['test/sqlite-adapter.test.ts']);
  await expect(running).rejects.toMatchObject({
    stdout: expect.stringMatching(/Tests +\d+ failed/) as unknown,
  });
});

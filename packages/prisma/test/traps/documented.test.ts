import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const docs = new URL('../../../../docs/', import.meta.url);
const read = (path: string | URL): Promise<string> => readFile(new URL(path, docs), 'utf8');

/** A link in a table of the page: the beginning of a test's title, and the file that has it. */
const LINK = /\[((?:[^[\]]|\[\])+)\]\((\.\.\/[\w./-]+\.ts)\)/g;

const links = [...(await read('traps.md')).matchAll(LINK)].map(
  ([, title = '', path = '']) => [title, path] as const,
);
/** What stands before the first argument of a test or a group. */
const DECLARES = /(?:test|it|describe)(?:\.each(?:<[^;]*?>)?\([\s\S]*?\))?\(\s*$/;

test('the page lists every known trap and report', () => {
  expect(links.length).toBeGreaterThanOrEqual(45);
});

test.each(links)('%s is a test of %s', async (title, path) => {
  const text = await read(path);
  const isTitle = [`'${title}`, `"${title}`].some((quoted) => {
    const at = text.indexOf(quoted);
    // A name of the object that a table of tests is made of, or the first argument of a test.
    const before = text.slice(0, at);
    const after = text.slice(at + quoted.length);
    return at >= 0 && (/^[^\n]*['"]: \{/.test(after) || DECLARES.test(before));
  });
  expect(isTitle).toBe(true);
});

test('every test of the suites of traps is on the page', async () => {
  const titles: string[] = [];
  for (const file of ['races', 'reach', 'tiers', 'time', 'values']) {
    const text = await read(`../packages/prisma/test/traps/${file}.ts`);
    const found = [
      ...text.matchAll(/(?:test\(|\]\)\(|\] as const\)\()\s*(['"])(.+?)\1,/g),
      ...text.matchAll(/^ {2}(['"])(.+?)\1: \{$/gm),
    ];
    titles.push(...found.map(([, , title = '']) => title));
  }
  expect(titles.length).toBeGreaterThanOrEqual(23);
  const unlisted = titles.filter((title) => !links.some(([listed]) => title.startsWith(listed)));
  expect(unlisted).toEqual([]);
});

test("Hyperdrive's own query cache served rows 80 s old: elizaOS/eliza#11126. Who deploys level 2 is told to turn it off", async () => {
  const levels = await read('levels.md');
  const [, level2 = ''] = levels.split(/^## Level 2/m);
  expect(level2.split(/^## /m)[0]).toContain('`--caching-disabled`');
});

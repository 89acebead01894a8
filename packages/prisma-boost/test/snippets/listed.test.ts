import { expect, test } from 'vitest';
import { PAGES, textOf } from './page.js';

/** What READMEs have to list, held against the sources: a new option or code is no secret. */

const readmes = await Promise.all(
  PAGES.filter((page) => page.startsWith('packages/')).map((page) => textOf(page)),
);

test('every code of an error is in the table of a package', async () => {
  const codes = (await textOf('packages/core/src/error.ts')).match(/(?<=^ {2}\| ')BOOST_\w+/gm);
  expect(codes?.length).toBeGreaterThan(15);
  const rows = readmes.join('\n').match(/^\|.*|`BOOST_\w+`.*$/gm) ?? [];
  expect(codes?.filter((code) => !rows.some((row) => row.includes(code)))).toEqual([]);
});

test('every option of the extension is in its table', async () => {
  const source = await textOf('packages/prisma/src/options.ts');
  const table = (await textOf('packages/prisma/README.md')).match(/^\| `.*$/gm)?.join('\n') ?? '';
  const named = new Set(table.match(/\w+/g));
  const interfaces = ['CacheExtensionOptions', 'SessionOptions', 'ModelOptions', 'PrivateContext'];
  const options = interfaces.flatMap((name) => {
    const [, body = ''] =
      new RegExp(`^export interface ${name} {\n(.*?)^}`, 'ms').exec(source) ?? [];
    return body.match(/(?<=^ {2}readonly )\w+/gm) ?? [];
  });
  expect(options.length).toBeGreaterThan(30);
  expect(options.filter((option) => !named.has(option))).toEqual([]);
});

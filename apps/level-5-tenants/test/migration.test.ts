import { readFile, readdir } from 'node:fs/promises';
import { ddlFor } from '@boost-tooling/database';
import { expect, test } from 'vitest';

const read = (path: string): Promise<string> =>
  readFile(new URL(`../${path}`, import.meta.url), 'utf8');

test('the migrations build the tables of the schema', async () => {
  const names = await readdir(new URL('../migrations', import.meta.url));
  const migrations = await Promise.all(names.sort().map((name) => read(`migrations/${name}`)));

  expect(migrations.join('\n').trim()).toBe(
    (await ddlFor(await read('prisma/schema.prisma'))).trim(),
  );
});

import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { snippetsOfPage } from './page.js';
import { createProject } from './project.js';

/** What is right, and what does not compile, of the queries. */
const WRONG = [
  ["tags: ['users_count']", 'tags: [1]'],
  ['info?.cacheStatus', 'info?.cacheState'],
  ["invalidate({ tags: ['emails_with_alice'] })", "invalidate({ tag: 'emails_with_alice' })"],
] as const;

test('what is documented for Accelerate compiles with one line replaced, and has types', async () => {
  const files: Record<string, string> = {};
  for (const { file, text } of await snippetsOfPage('from-accelerate')) {
    if (file !== undefined) files[file] = text;
  }
  expect(Object.keys(files)).toHaveLength(4);
  const queries = files['src/queries.ts'] ?? '';
  for (const [at, [right, wrong]] of WRONG.entries()) {
    expect(queries).toContain(right);
    files[`src/wrong-${String(at)}.ts`] = queries.replace(right, wrong);
  }
  const project = await createProject({
    directory: fileURLToPath(new URL('../generated/from-accelerate', import.meta.url)),
    client: 'prisma/generated/client',
    files: { 'package.json': '{ "name": "my-app", "private": true, "type": "module" }', ...files },
  });
  await project.generate();
  const said = await project.compile().then(
    () => '',
    (error: unknown) => String(error),
  );
  const places = [...said.matchAll(/^(?:Error: )?(\S+)\(\d+,\d+\): error/gm)].map(
    ([, file]) => file,
  );
  expect(new Set(places)).toEqual(new Set(WRONG.map((_, at) => `src/wrong-${String(at)}.ts`)));
}, 120_000);

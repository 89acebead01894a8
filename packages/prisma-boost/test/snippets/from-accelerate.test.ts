import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createProject } from './project.js';

const PAGE = new URL('../../../../docs/from-accelerate.md', import.meta.url);
const SNIPPET = /^```\w+ file=(\S+)\n(.*?)^```$/gms;

async function files(): Promise<Record<string, string>> {
  const page = await readFile(PAGE, 'utf8');
  const snippets = [...page.matchAll(SNIPPET)];
  return Object.fromEntries(snippets.map(([, file = '', text = '']) => [file, text]));
}

async function compiled(change: (files: Record<string, string>) => void): Promise<void> {
  const given = await files();
  change(given);
  const project = await createProject({
    directory: fileURLToPath(new URL('../generated/from-accelerate', import.meta.url)),
    client: 'prisma/generated/client',
    files: { 'package.json': '{ "name": "my-app", "private": true, "type": "module" }', ...given },
  });
  await project.generate();
  await project.compile();
}

test('what is documented for Accelerate compiles with one line replaced', async () => {
  await compiled((given) => {
    expect(Object.keys(given)).toHaveLength(4);
  });
}, 120_000);

test.each([
  ["tags: ['users_count']", 'tags: [1]'],
  ['info?.cacheStatus', 'info?.cacheState'],
  ["invalidate({ tags: ['emails_with_alice'] })", "invalidate({ tag: 'emails_with_alice' })"],
])(
  '%s has a type: %s does not compile',
  async (right, wrong) => {
    const compiling = compiled((given) => {
      const text = given['src/queries.ts'] ?? '';
      expect(text).toContain(right);
      given['src/queries.ts'] = text.replace(right, wrong);
    });
    await expect(compiling).rejects.toThrow('src/queries.ts');
  },
  120_000,
);

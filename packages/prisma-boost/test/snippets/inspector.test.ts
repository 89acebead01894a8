import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { snippet } from './page.js';
import { createProject } from './project.js';

const PAGE = new URL('../../../../docs/inspector.md', import.meta.url);
const SNIPPET = /^```\w+ file=(\S+)\n(.*?)^```$/gms;

test('what is documented of the inspector compiles, and a misspelt option does not', async () => {
  const page = await readFile(PAGE, 'utf8');
  const files = Object.fromEntries(
    [...page.matchAll(SNIPPET)].map(([, file = '', text = '']) => [file, text]),
  );
  expect(Object.keys(files)).toEqual(['src/index.ts']);
  const text = files['src/index.ts'] ?? '';
  const schema = (await snippet(1, 'prisma/schema.prisma'))
    .replace(/^\s*url .*\n/m, '')
    .replace(/^\s*previewFeatures .*$/m, '  output = "./generated/client"');
  const project = await createProject({
    directory: fileURLToPath(new URL('../generated/inspector', import.meta.url)),
    client: 'prisma/generated/client',
    files: {
      'package.json': '{ "name": "my-app", "private": true, "type": "module" }',
      'prisma/schema.prisma': schema,
      'src/index.ts': text,
      'wrong/index.ts': text.replace('token: env', 'tokens: env'),
    },
    include: ['src', 'wrong'],
  });
  await project.generate();
  const compiling = project.compile();
  await expect(compiling).rejects.toThrow(/wrong\/index\.ts.*tokens/);
  await expect(compiling).rejects.not.toThrow('src/index.ts');
}, 120_000);

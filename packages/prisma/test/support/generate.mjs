import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ddlFor, generateClient } from '@boost-tooling/database';

/** Generates the clients that the tests use, with their cacheConfig, into `test/generated`. */

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const schema = await readFile(here('schema.prisma'), 'utf8');
const page = await readFile(here('page.prisma'), 'utf8');
const cache = `generator cache {
  provider = "node ${here('cache-generator.mjs')}"
  output   = "./cache"
}`;

// The client of the other generator, beside the first.
const js = `generator js {
  provider = "prisma-client-js"
  output   = "./client-js"
}`;

const workerd = ['runtime = "workerd"', 'compilerBuild = "small"'];
const clients = {
  sqlite: { schema, generator: 'prisma-client' },
  'sqlite-js': { schema, generator: 'prisma-client-js' },
  page: { schema: page, generator: 'prisma-client' },
  workerd: { schema, generator: 'prisma-client', options: workerd },
  'page-workerd': { schema: page, generator: 'prisma-client', options: workerd },
  postgresql: {
    schema: schema.replace('"sqlite"', '"postgresql"'),
    generator: 'prisma-client',
    options: ['previewFeatures = ["relationJoins", "strictUndefinedChecks", "typedSql"]'],
    blocks: [js],
  },
};

await rm(here('../generated'), { recursive: true, force: true });
for (const [name, client] of Object.entries(clients)) {
  await generateClient({
    ...client,
    directory: here(`../generated/${name}`),
    blocks: [cache, ...(client.blocks ?? [])],
  });
}

for (const [name, text] of [
  ['workerd', schema],
  ['page-workerd', page],
]) {
  const module = `export const DDL: string = ${JSON.stringify(await ddlFor(text))};\n`;
  await writeFile(here(`../generated/${name}/ddl.ts`), module);
}

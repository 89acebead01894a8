import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateClient } from '@boost-tooling/database';

/**
 * Generates the clients of both generators, with their cacheConfig, into `generated` of a package that has another version of
 * Prisma.
 *
 * @param {URL} root - of the package
 * @param {string[]} options - lines of the client's generator block
 * @param {{ postgresql: boolean }} others - whether there are clients of PostgreSQL, of both generators, in `postgresql` too
 */
export async function generateForCompatibility(
  root,
  options,
  { postgresql } = { postgresql: false },
) {
  const here = (path) => fileURLToPath(new URL(path, import.meta.url));
  const schema = await readFile(here('schema.prisma'), 'utf8');
  const cache = `generator cache {
  provider = "node ${here('cache-generator.mjs')}"
  output   = "./cache"
}`;
  const prisma = dirname(createRequire(root).resolve('prisma/package.json'));
  const folder = (name) => fileURLToPath(new URL(`generated/${name}`, root));
  await rm(folder(''), { recursive: true, force: true });
  for (const generator of ['prisma-client', 'prisma-client-js']) {
    await generateClient({
      schema,
      generator,
      directory: folder(generator),
      prisma,
      options,
      blocks: [cache],
    });
  }
  if (!postgresql) return;
  const js = ['provider = "prisma-client-js"', 'output = "./client-js"', ...options];
  await generateClient({
    schema: schema.replace('"sqlite"', '"postgresql"'),
    directory: folder('postgresql'),
    prisma,
    options,
    blocks: [cache, `generator js {\n${js.join('\n')}\n}`],
  });
}

import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { generateClient } from '@boost-tooling/database';

/** Generates the workload's client and cacheConfig into `prisma/generated`. */

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const cache = `generator cache {
  provider = "node ${here('cache-generator.mjs')}"
  output   = "./cache"
  track    = ["Vote.userId,storyId"]
}`;

await rm(here('generated'), { recursive: true, force: true });
await generateClient({
  schema: await readFile(here('schema.prisma'), 'utf8'),
  directory: here('generated'),
  options: ['importFileExtension = "ts"', 'moduleFormat = "esm"', 'runtime = "nodejs"'],
  blocks: [cache],
});

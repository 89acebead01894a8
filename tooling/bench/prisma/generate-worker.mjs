import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ddlFor, generateClient } from '@boost-tooling/database';

/** Generates the client and cacheConfig of the group `hit`, which run in a worker, into `generated/worker`. */

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const cache = `generator cache {
  provider = "node ${here('cache-generator.mjs')}"
  output   = "./cache"
}`;

const directory = here('../generated/worker');
const schema = await readFile(here('schema.prisma'), 'utf8');
await rm(directory, { recursive: true, force: true });
await generateClient({
  schema,
  directory,
  options: ['runtime = "workerd"', 'compilerBuild = "small"'],
  blocks: [cache],
});
await writeFile(
  here('../generated/worker/ddl.ts'),
  `export const DDL: string = ${JSON.stringify(await ddlFor(schema))};\n`,
);

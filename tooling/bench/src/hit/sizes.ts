import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { generateClient } from '@boost-tooling/database';
import { schemas } from '@boost-tooling/schemas';
import { build, type Metafile } from 'esbuild';

const GENERATED = fileURLToPath(new URL('../../generated/', import.meta.url));
const CACHE_GENERATOR = fileURLToPath(new URL('../../prisma/cache-generator.mjs', import.meta.url));

/** Bytes of what every worker loads: the extension with core and the KV adapter, without what is loaded at a fault. */
export async function workerBytes(): Promise<number> {
  const { metafile, outputFiles } = await build({
    stdin: {
      contents: `export { createCacheExtension } from '@boost/prisma'; export { createKVAdapter } from '@boost/adapter-kv';`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    external: ['@prisma/client/*'],
    outdir: 'out',
    write: false,
    metafile: true,
  });
  const loaded = loadedFrom(entryOf(metafile), metafile);
  const chunks = outputFiles.filter(({ path }) => [...loaded].some((name) => path.endsWith(name)));
  return gzipSync(Buffer.concat(chunks.map(({ contents }) => contents)), { level: 9 }).length;
}

function entryOf({ outputs }: Metafile): string {
  const entry = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === '<stdin>');
  if (entry === undefined) throw new Error('the bundle has no entry');
  return entry[0];
}

/** The entry and the chunks that it imports at once. */
function loadedFrom(entry: string, { outputs }: Metafile, found = new Set<string>()): Set<string> {
  if (found.has(entry)) return found;
  found.add(entry);
  for (const { path, kind } of outputs[entry]?.imports ?? []) {
    if (kind === 'import-statement' && path in outputs)
      loadedFrom(path, { outputs } as Metafile, found);
  }
  return found;
}

/** Bytes of the cacheConfig for each model of the largest schema. */
export async function configBytesPerModel(): Promise<number> {
  const [schema] = [...schemas.values()].sort((a, b) => modelsOf(b) - modelsOf(a));
  if (schema === undefined) throw new Error('there are no schemas');
  const directory = await mkdtemp(join(GENERATED, 'sized-'));
  try {
    const cache = `generator cache {
      provider = "node ${CACHE_GENERATOR}"
      output   = "./cache"
    }`;
    await generateClient({ schema, directory, blocks: [cache] });
    const text = await readFile(join(directory, 'cache/cacheConfig.js'));
    return gzipSync(text, { level: 9 }).length / modelsOf(schema);
  } finally {
    await rm(directory, { recursive: true });
  }
}

function modelsOf(schema: string): number {
  return schema.match(/^\s*model\s+\w+\s*\{/gm)?.length ?? 0;
}

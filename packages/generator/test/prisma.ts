import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { parseConfig, type CacheConfig, type Schema } from '@boost/core';

const run = promisify(execFile);
const generator = pathToFileURL(fileURLToPath(new URL('../dist/index.js', import.meta.url))).href;

export interface Generated {
  readonly text: string;
  readonly schema: Schema;
  readonly config: CacheConfig;
  readonly folder: string;
  readonly output: string;
}

/**
 * Runs the real `prisma generate` on a schema, with the built generator as its provider.
 *
 * @param block - more lines of the generator's block
 */
export async function prismaGenerate(
  models: string,
  block: readonly string[] = [],
): Promise<Generated> {
  const folder = await mkdtemp(join(tmpdir(), 'boost-generator-'));
  const path = join(folder, 'schema.prisma');
  const bin = join(folder, 'generator.mjs');
  await writeFile(
    bin,
    `import { runGenerator } from ${JSON.stringify(generator)};\nrunGenerator();\n`,
  );
  const lines = [
    'generator cache {',
    `  provider = "node ${bin}"`,
    ...block.map((line) => `  ${line}`),
  ];
  if (!block.some((line) => line.startsWith('output'))) lines.push('  output = "./generated"');
  await writeFile(path, `${lines.join('\n')}\n}\n\n${models}`);
  const prisma = createRequire(import.meta.url).resolve('prisma/package.json');
  const { stdout, stderr } = await run(
    process.execPath,
    [join(dirname(prisma), 'build/index.js'), 'generate', '--schema', path],
    {
      cwd: folder,
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, NO_COLOR: '1' },
    },
  );
  const file = join(folder, 'generated', 'cacheConfig.js');
  const text = await readFile(file, 'utf8');
  const config = (await import(pathToFileURL(file).href)) as CacheConfig;
  return { text, config, schema: parseConfig(config), folder, output: stdout + stderr };
}

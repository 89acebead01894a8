import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
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
}

/** A folder with a schema, and the real `prisma generate` to run in it with the built generator. */
export interface Project {
  readonly folder: string;
  /** Writes the schema: the generator's block in `schema.prisma`, and the models. */
  write(models: string, block?: readonly string[]): Promise<void>;
  /** @throws Error with `stderr` where `prisma generate` ends with another code than 0 */
  generate(
    environment?: Readonly<Record<string, string>>,
  ): Promise<{ readonly stdout: string; readonly stderr: string }>;
  read(output?: string): Promise<Generated>;
}

/** Major versions of Prisma, and the packages that they are installed as here. */
const PRISMA = { 6: 'prisma-6', 7: 'prisma' } as const;

/** Prisma 6 wants to know of a connection, Prisma 7 does not want to hear of one. */
function withConnection(models: string): string {
  return models.replace(/^(datasource[^}]*)\}/m, '$1  url = "file:./unused.db"\n}');
}

/** @param files - more files of the schema, which makes it a folder */
export async function createProject(
  version: keyof typeof PRISMA = 7,
  files: Readonly<Record<string, string>> = {},
): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'boost-generator-'));
  const bin = join(folder, 'generator.mjs');
  const source = `import { runGenerator } from ${JSON.stringify(generator)};\nrunGenerator();\n`;
  await writeFile(bin, source);
  const several = Object.keys(files).length > 0;
  const directory = several ? join(folder, 'schema') : folder;
  await mkdir(directory, { recursive: true });
  const paths = Object.entries(files).map(([name, text]) => [join(directory, name), text] as const);
  for (const [path, text] of paths) await writeFile(path, text);
  const path = join(directory, 'schema.prisma');
  const manifest = createRequire(import.meta.url).resolve(`${PRISMA[version]}/package.json`);
  return {
    folder,
    async write(models, block = ['output = "./generated"']) {
      const lines = [`provider = "node ${bin}"`, ...block].map((line) => `  ${line}`);
      const text = version === 6 ? withConnection(models) : models;
      await writeFile(path, ['generator cache {', ...lines, '}', '', text].join('\n'));
    },
    generate(environment = {}) {
      const cli = join(dirname(manifest), 'build/index.js');
      // Prisma would download engines that generating does not use; any file in their place stops it.
      const engine = {
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_QUERY_ENGINE_LIBRARY: process.execPath,
      };
      return run(process.execPath, [cli, 'generate', '--schema', several ? directory : path], {
        cwd: folder,
        env: { ...process.env, ...environment, ...engine, NO_COLOR: '1', CHECKPOINT_DISABLE: '1' },
      });
    },
    async read(output = 'generated') {
      const file = join(directory, output, 'cacheConfig.js');
      const config = (await import(pathToFileURL(file).href)) as CacheConfig;
      return { text: await readFile(file, 'utf8'), config, schema: parseConfig(config) };
    },
  };
}

/** What `prisma generate` makes of a schema in a project of its own. */
export async function generateOnce(
  models: string,
  options: readonly string[] = [],
  version: keyof typeof PRISMA = 7,
): Promise<Generated> {
  const project = await createProject(version);
  await project.write(models, ['output = "./generated"', ...options]);
  await project.generate();
  return project.read();
}

/** What `prisma generate` says when it fails. */
export async function failureOf(project: Project): Promise<string> {
  try {
    await project.generate();
  } catch (error) {
    return `${String((error as { stderr?: string }).stderr)} code ${String((error as { code?: number }).code)}`;
  }
  throw new Error('prisma generate did not fail');
}

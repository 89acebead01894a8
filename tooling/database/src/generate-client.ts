import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { modelsOnly, withConnection } from './schema-text.js';

export interface GenerateClientOptions {
  /** Text of the schema; its generators and connections are replaced. */
  readonly schema: string;
  /** Folder of the output: the client in `client/`. Inside a package that has `@prisma/client`. */
  readonly directory: string;
  /** @defaultValue `prisma-client` */
  readonly generator?: 'prisma-client' | 'prisma-client-js';
  /** More lines of the client's generator block. */
  readonly options?: readonly string[];
  /** More blocks of the schema, such as another generator. */
  readonly blocks?: readonly string[];
  /** Folder of the `prisma` package to run. @defaultValue the one of this package */
  readonly prisma?: string;
}

const run = promisify(execFile);

/** Generates a Prisma client, offline. @returns the folder of the client. */
export async function generateClient(options: GenerateClientOptions): Promise<string> {
  const { directory, generator = 'prisma-client' } = options;
  const output = join(directory, 'client');
  const schemaPath = join(directory, 'schema.prisma');
  const block = [
    'generator client {',
    `  provider = "${generator}"`,
    `  output   = "${output}"`,
    ...(options.options ?? []).map((line) => `  ${line}`),
    '}',
  ].join('\n');
  const manifest =
    options.prisma === undefined
      ? createRequire(import.meta.url).resolve('prisma/package.json')
      : join(options.prisma, 'package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const models = modelsOnly(options.schema);
  const schema = version.startsWith('6.') ? withConnection(models) : models;
  await mkdir(directory, { recursive: true });
  await writeFile(schemaPath, [block, ...(options.blocks ?? []), schema].join('\n\n'));
  // Prisma would download engines that generating does not use; any executable stops it.
  await run(
    process.execPath,
    [join(dirname(manifest), 'build/index.js'), 'generate', '--schema', schemaPath],
    {
      cwd: directory,
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ?? process.execPath,
        PRISMA_QUERY_ENGINE_LIBRARY: process.env['PRISMA_QUERY_ENGINE_LIBRARY'] ?? process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    },
  );
  return output;
}

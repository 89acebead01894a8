import { execFile } from 'node:child_process';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProjectOptions {
  /** A folder inside a package that has the version of Prisma to be tried; what it held is removed. */
  readonly directory: string;
  /** By path. */
  readonly files: Readonly<Record<string, string>>;
  /** The generated module that stands for `@prisma/client`, relative to the folder. */
  readonly client: string;
  /** What is compiled. @defaultValue `['src']` */
  readonly include?: readonly string[];
  /** Modules that no package of the folder has, by name: where they are. @defaultValue none */
  readonly modules?: Readonly<Record<string, string>>;
  /** Applications beside each other, by folder, that have the schema and the client of the project as theirs. @defaultValue none */
  readonly folders?: readonly string[];
}

/** An application as a user has it, with a client of its own. */
export interface Project {
  readonly directory: string;
  /** Runs `prisma generate`, which runs the command `prisma-boost`. */
  generate(): Promise<void>;
  /** Compiles the sources as strictly as TypeScript can. @throws what the compiler says */
  compile(): Promise<void>;
}

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const BIN = join(PACKAGE, 'dist/bin.js');

export async function createProject({
  directory,
  files,
  client,
  include = ['src'],
  folders = [],
  modules = {},
}: ProjectOptions): Promise<Project> {
  await rm(directory, { recursive: true, force: true });
  const tsconfig = {
    compilerOptions: {
      target: 'ES2022',
      module: 'ESNext',
      moduleResolution: 'Bundler',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['@cloudflare/workers-types', 'node'],
      // Modules may be sources.
      allowImportingTsExtensions: true,
      paths: {
        '@prisma/client': [`./${client}`],
        ...Object.fromEntries(Object.entries(modules).map(([name, path]) => [name, [path]])),
      },
    },
    include,
  };
  const all = { ...files, 'tsconfig.json': JSON.stringify(tsconfig) };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  for (const folder of folders) await symlink('../prisma', join(directory, folder, 'prisma'));
  const bin = join(directory, 'node_modules/.bin');
  await mkdir(bin, { recursive: true });
  await chmod(BIN, 0o755);
  await symlink(BIN, join(bin, 'prisma-boost'));
  await symlink(PACKAGE, join(directory, 'node_modules/prisma-boost'));

  const require = createRequire(join(directory, 'package.json'));
  const command = (name: string, path: string): string =>
    join(dirname(require.resolve(`${name}/package.json`)), path);
  const env = {
    ...process.env,
    PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter),
    // Generating uses no engine; any file keeps Prisma from downloading one.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_QUERY_ENGINE_LIBRARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  };
  const node = async (args: readonly string[]): Promise<void> => {
    try {
      await run(process.execPath, args, { cwd: directory, env });
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${stdout}\n${stderr}`, { cause: error });
    }
  };
  return {
    directory,
    generate: () =>
      node([command('prisma', 'build/index.js'), 'generate', '--schema', 'prisma/schema.prisma']),
    compile: () => node([command('typescript', 'lib/tsc.js'), '-p', '.']),
  };
}

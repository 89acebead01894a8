import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ddlFor, generateClient, modelsOnly, providerOf } from '@boost-tooling/database';
import { parseConfig, type CacheConfig, type Schema } from '@boost/core';
import { buildConfig } from '@boost/generator';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { PrismaClient } from './client.ts';
import { withProvider } from './variant.ts';
import { schemaInfo, type Datamodel } from './from-dmmf.ts';
import type { SchemaInfo } from './metadata.ts';

/** A schema with everything that is needed to run it: its description, its tables, its client. */
export interface LoadedSchema {
  readonly name: string;
  readonly text: string;
  readonly info: SchemaInfo;
  readonly datamodel: Datamodel;
  /** As `prisma generate` writes it. */
  readonly config: CacheConfig;
  /** What the planners work from. */
  readonly schema: Schema;
  /** The script that makes its tables. */
  readonly ddl: string;
  createClient(adapter: SqlDriverAdapterFactory, options?: ClientOptions): PrismaClient;
}

export interface ClientOptions {
  /** Client-level `omit`. */
  readonly omit?: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
}

type ClientConstructor = new (
  options: ClientOptions & { adapter: SqlDriverAdapterFactory },
) => PrismaClient;

const require = createRequire(import.meta.url);
/** The folder of this package, wherever this module runs from. */
export const PACKAGE_ROOT: string = dirname(require.resolve('@boost-tooling/fuzz/package.json'));

/**
 * Loads a schema file, for another provider than its own where one is given. Generates its client, offline, the first time
 * that this text is seen.
 */
export async function loadSchema(
  file: string,
  provider?: SchemaInfo['provider'],
): Promise<LoadedSchema> {
  const text = await readFile(file, 'utf8');
  const variant = provider === undefined ? text : withProvider(text, provider);
  return loadSchemaText(basename(file, '.prisma'), variant);
}

export async function loadSchemaText(name: string, source: string): Promise<LoadedSchema> {
  const text = modelsOnly(source);
  const provider = providerOf(source);
  if (provider !== 'sqlite' && provider !== 'postgresql') {
    throw new Error(`${name}: there is no database here for the provider "${provider}".`);
  }
  const directory = await generated(text);
  const { datamodel } = JSON.parse(await readFile(join(directory, 'dmmf.json'), 'utf8')) as {
    datamodel: Datamodel;
  };
  const url = pathToFileURL(join(directory, 'client', 'client.ts')).href;
  const { PrismaClient: Client } = (await import(/* @vite-ignore */ url)) as {
    PrismaClient: ClientConstructor;
  };
  const config = configOf(text, datamodel, provider);
  return {
    name,
    text,
    info: schemaInfo(datamodel, provider),
    datamodel,
    config,
    schema: parseConfig(config),
    ddl: await ddlFor(text),
    createClient: (adapter, options = {}) => new Client({ ...options, adapter }),
  };
}

/** The cacheConfig as `prisma generate` would write it. */
function configOf(text: string, datamodel: Datamodel, provider: string): CacheConfig {
  const options = {
    datamodel: text,
    dmmf: { datamodel },
    datasources: [{ activeProvider: provider }],
  };
  return buildConfig(options as unknown as Parameters<typeof buildConfig>[0], {
    output: '',
    formats: ['esm'],
    track: new Map(),
    untrack: new Map(),
  });
}

/** The folder with the schema's client and description, made when it is not there. */
async function generated(text: string): Promise<string> {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const directory = join(PACKAGE_ROOT, 'generated', digest);
  const exists = await readFile(join(directory, 'dmmf.json')).then(
    () => true,
    () => false,
  );
  if (exists) return directory;
  const draft = `${directory}.${String(process.pid)}`;
  const generator = join(PACKAGE_ROOT, 'dmmf-generator.mjs');
  await mkdir(draft, { recursive: true });
  await generateClient({
    schema: text,
    directory: draft,
    options: ['importFileExtension = "ts"', 'moduleFormat = "esm"'],
    blocks: [
      `generator dmmf {\n  provider = "node ${generator}"\n  output   = "${join(draft, 'dmmf.json')}"\n}`,
    ],
  });
  // Another process may have been faster: its folder holds the same.
  await rename(draft, directory).catch(() => rm(draft, { recursive: true, force: true }));
  return directory;
}

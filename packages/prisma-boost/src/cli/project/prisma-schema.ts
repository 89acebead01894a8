import { readSchemaBlocks, type SchemaBlock } from '@boost/generator';
import { parse } from 'jsonc-parser';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { firstText, readText, type TextFile } from './files.js';

/** A Prisma schema: one file, or the files of a folder. */
export interface PrismaSchema {
  readonly files: readonly SchemaFile[];
  readonly models: readonly string[];
  /** Of the datasource. */
  readonly provider: string | undefined;
  readonly generators: readonly Generator[];
}

export interface SchemaFile extends TextFile {
  readonly blocks: readonly SchemaBlock[];
}

export interface Generator {
  readonly name: string;
  readonly provider: string;
  /** Absolute. */
  readonly output: string | undefined;
}

/** Where Prisma looks by itself. */
const PLACES = ['prisma/schema.prisma', 'schema.prisma', 'prisma/schema', 'prisma'];
const CONFIGS = ['prisma.config.ts', 'prisma.config.mts', 'prisma.config.js', 'prisma.config.mjs'];

/** @param path - relative to the project, where it is neither Prisma's own choice nor said in `prisma.config.ts` */
export async function readPrismaSchema(
  root: string,
  path?: string,
): Promise<PrismaSchema | undefined> {
  const configured = path ?? (await configuredPath(root));
  for (const place of configured === undefined ? PLACES : [configured]) {
    const files = await readFiles(resolve(root, place));
    if (files.length > 0) return schemaOf(files);
  }
  return undefined;
}

/** The generators that are ours. */
export function boostGenerators({ generators }: PrismaSchema): readonly Generator[] {
  return generators.filter(({ provider }) => /(^|[\s/\\])prisma-boost(\.js)?$/.test(provider));
}

async function configuredPath(root: string): Promise<string | undefined> {
  const config = await firstText(CONFIGS.map((name) => join(root, name)));
  const inConfig = /\bschema:\s*['"`]([^'"`]+)['"`]/.exec(config?.text ?? '')?.[1];
  if (inConfig !== undefined) return inConfig;
  const manifest = await readText(join(root, 'package.json'));
  const values = parse(manifest?.text ?? '{}') as { prisma?: { schema?: string } } | undefined;
  return values?.prisma?.schema;
}

async function readFiles(path: string): Promise<SchemaFile[]> {
  const file = await readText(path);
  if (file !== undefined) return [{ ...file, blocks: readSchemaBlocks(file.text) }];
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) return [];
  const names = (await readdir(path)).filter((name) => name.endsWith('.prisma')).sort();
  const files = await Promise.all(names.map((name) => readFiles(join(path, name))));
  return files.flat();
}

function schemaOf(files: readonly SchemaFile[]): PrismaSchema {
  const blocks = files.flatMap((file) => file.blocks.map((block) => ({ file, block })));
  const of = (keyword: string) => blocks.filter(({ block }) => block.keyword === keyword);
  return {
    files,
    models: of('model').map(({ block }) => block.name),
    provider: of('datasource').map(({ block }) => valueOf(block, 'provider'))[0],
    generators: of('generator').map(({ file, block }) => {
      const output = valueOf(block, 'output');
      return {
        name: block.name,
        provider: valueOf(block, 'provider') ?? '',
        output: output === undefined ? undefined : resolve(dirname(file.path), output),
      };
    }),
  };
}

function valueOf({ body }: SchemaBlock, name: string): string | undefined {
  return new RegExp(`^\\s*${name}\\s*=\\s*"([^"]*)"`, 'm').exec(body)?.[1];
}

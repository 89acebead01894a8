import { CONFIG_FORMAT } from '@boost/core';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from '../project/files.js';
import { boostGenerators, type Generator, type PrismaSchema } from '../project/prisma-schema.js';
import { type Check, failure, type Finding, ok, warning } from './finding.js';

const GENERATE = 'npx prisma generate';
const FILES = ['cacheConfig.js', 'cacheConfig.ts', 'cacheConfig.cjs'];

/** That the generated configuration is there, is read by this version, and is of this schema. */
export const checkGenerated: Check = async ({ schema }) => {
  if (schema === undefined) {
    return [failure('No Prisma schema', 'run this where it is, or give --schema')];
  }
  const generators = boostGenerators(schema);
  if (generators.length === 0) {
    return [failure('The schema has no generator of prisma-boost', 'npx prisma-boost init')];
  }
  return Promise.all(generators.map((generator) => checkOne(generator, schema)));
};

async function checkOne({ name, output }: Generator, schema: PrismaSchema): Promise<Finding> {
  const folder = output ?? '';
  const file = await firstGenerated(folder);
  if (file === undefined) {
    return failure(`Generator ${name} has not been run: there is no cacheConfig`, GENERATE);
  }
  const format = Number(/\bformat\s*=\s*(\d+)/.exec(file.text)?.[1] ?? Number.NaN);
  if (format !== CONFIG_FORMAT) {
    return failure(
      `cacheConfig has format ${String(format)}, and this version reads ${String(CONFIG_FORMAT)}`,
      `the same version of prisma-boost everywhere, then ${GENERATE}`,
    );
  }
  const models = [...file.text.matchAll(/^\s*"(\w+)":\s*"[mv]\|/gm)].map(([, model]) => model);
  const missing = schema.models.find((model) => !models.includes(model));
  if (missing !== undefined) {
    return failure(`cacheConfig is of an older schema: it has no ${missing}`, GENERATE);
  }
  const changedMs = await Promise.all(schema.files.map(({ path }) => modifiedMs(path)));
  if (Math.max(...changedMs) > (await modifiedMs(file.path))) {
    return warning('The schema was changed after cacheConfig was generated', GENERATE);
  }
  return ok(`cacheConfig is generated, with ${String(models.length)} models`);
}

async function firstGenerated(folder: string) {
  for (const name of FILES) {
    const file = await readText(join(folder, name));
    if (file !== undefined) return file;
  }
  return undefined;
}

async function modifiedMs(path: string): Promise<number> {
  return (await stat(path)).mtimeMs;
}

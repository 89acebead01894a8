import { createHash } from 'node:crypto';
import {
  CONFIG_FORMAT,
  formatModelText,
  parseConfig,
  type CacheConfig,
  type ModelText,
  type Provider,
  type Schema,
} from '@boost/core';
import type { GeneratorOptions } from '@prisma/generator-helper';
import { buildModels, type Source } from './build-models.js';
import { learn } from './caps.js';
import { readDatamodel } from './datamodel-text.js';
import { readOptions, type GeneratorConfig } from './options.js';
import { checkTracking, withTracking, type Tracking } from './tracking.js';
import { writeConfig } from './write-config.js';

/**
 * Builds the `cacheConfig` of a schema. Same schema, same text.
 *
 * @throws Error with file and line where `track` or `untrack` come to nothing
 */
export function buildConfig(options: GeneratorOptions, config: GeneratorConfig): CacheConfig {
  const source: Source = {
    datamodel: options.dmmf.datamodel,
    text: readDatamodel(options.datamodel),
    provider: providerOf(options),
  };
  const models = buildModels(source);
  const compile = (tracking: Tracking): Schema => parseConfig(assemble(source, models, tracking));
  checkTracking(options, config, compile);
  const built = assemble(source, models, config);
  // What cannot be compiled again must not be written.
  const schema = parseConfig(built);
  for (const name of schema.modelNames) {
    for (const { join } of schema.model(name).relations) {
      if (join !== undefined) schema.model(join.model);
    }
  }
  return built;
}

function providerOf({ datasources }: GeneratorOptions): Provider {
  const provider = datasources[0]?.activeProvider ?? 'sqlite';
  return (provider as string) === 'postgres' ? 'postgresql' : provider;
}

function assemble(
  { datamodel, text, provider }: Source,
  built: ReadonlyMap<string, ModelText>,
  tracking: Tracking,
): CacheConfig {
  const { relationMode } = text;
  const models = Object.fromEntries(
    [...built].map(([name, model]) => [name, formatModelText(withTracking(name, model, tracking))]),
  );
  // Not in the texts of the models, but values of these are in results.
  const enums = datamodel.enums.map(({ name, values }) => [
    name,
    values.map((value) => [value.name, value.dbName ?? value.name]),
  ]);
  const hashed = JSON.stringify([CONFIG_FORMAT, provider, relationMode, models, enums]);
  const schemaHash = createHash('sha256').update(hashed).digest('hex').slice(0, 16);
  return { format: CONFIG_FORMAT, schemaHash, provider, relationMode, models };
}

/** `prisma generate`: reads the options, builds, writes. Nothing is written when anything fails. */
export async function generate(options: GeneratorOptions): Promise<void> {
  const config = readOptions(options);
  const built = buildConfig(options, config);
  const learned = await learn(config, {
    environment: process.env,
    models: Object.keys(built.models),
    nowMs: Date.now(),
    print: (line) => void process.stdout.write(`${line}\n`),
  });
  await writeConfig({ ...built, ...learned }, config);
}

import { createHash } from 'node:crypto';
import {
  CONFIG_FORMAT,
  formatModelText,
  parseConfig,
  type CacheConfig,
  type ModelText,
  type Provider,
} from '@boost/core';
import type { GeneratorOptions } from '@prisma/generator-helper';
import { buildModels } from './build-models.js';
import { readDatamodel } from './datamodel-text.js';
import { readOptions, whereIs, type GeneratorConfig } from './options.js';
import { writeConfig } from './write-config.js';

/** Builds the `cacheConfig` of a schema. Same schema, same text. */
export function buildConfig(options: GeneratorOptions, config: GeneratorConfig): CacheConfig {
  const provider = providerOf(options);
  const text = readDatamodel(options.datamodel);
  const models: Record<string, string> = {};
  for (const [name, model] of buildModels({ datamodel: options.dmmf.datamodel, text, provider })) {
    models[name] = formatModelText(withTracking(name, model, config));
  }
  const { relationMode } = text;
  const enums = options.dmmf.datamodel.enums.map(({ name, values }) => [
    name,
    values.map((value) => value.name),
  ]);
  const hash = createHash('sha256').update(
    JSON.stringify([CONFIG_FORMAT, provider, relationMode, models, enums]),
  );
  const built = {
    format: CONFIG_FORMAT,
    schemaHash: hash.digest('hex').slice(0, 16),
    provider,
    relationMode,
    models,
  };
  // What cannot be compiled again must not be written.
  const schema = parseConfig(built);
  for (const name of schema.modelNames) schema.model(name);
  assertTracked(options, config, schema);
  return built;
}

function providerOf({ datasources }: GeneratorOptions): Provider {
  const provider = datasources[0]?.activeProvider ?? 'sqlite';
  return (provider as string) === 'postgres' ? 'postgresql' : provider;
}

function withTracking(name: string, model: ModelText, config: GeneratorConfig): ModelText {
  const untracked = config.untrack.get(name) ?? [];
  const same = (a: readonly string[]) => (b: readonly string[]) => a.join() === b.join();
  const track = [...model.track, ...(config.track.get(name) ?? [])].filter(
    (key) => !untracked.some(same(key)),
  );
  return { ...model, track, untrack: [...model.untrack, ...untracked] };
}

/** A field whose equality cannot be told from its values cannot be tracked: better said than silently left out. */
function assertTracked(
  options: GeneratorOptions,
  config: GeneratorConfig,
  schema: ReturnType<typeof parseConfig>,
): void {
  for (const [name, keys] of config.track) {
    const tracked = new Set(schema.model(name).tracked.map((key) => key.join()));
    for (const key of keys) {
      if (tracked.has(key.join())) continue;
      throw new Error(
        `${whereIs(options, 'track')}: ${name}.${key.join()} cannot be tracked: the database decides itself when its values are equal.`,
      );
    }
  }
}

/** `prisma generate`: reads the options, builds, writes. Nothing is written when anything fails. */
export async function generate(options: GeneratorOptions): Promise<void> {
  const config = readOptions(options);
  await writeConfig(buildConfig(options, config), config);
}

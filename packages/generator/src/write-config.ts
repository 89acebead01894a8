import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheConfig } from '@boost/core';
import type { Format, GeneratorConfig } from './options.js';

const HEADER = '// Written by "prisma generate" for Boost. Do not edit: generate it again.\n';

const DECLARATION = `${HEADER}
/** Version of the format of this module. */
export declare const format: number;
/** Changes whenever something changes that cached values or plans depend on. */
export declare const schemaHash: string;
export declare const provider: string;
export declare const relationMode: string;
/** One compact text per model: fields, keys, relations with their referential actions, tracked keys. */
export declare const models: Readonly<Record<string, string>>;
`;

/** Writes the module in each format: first all of it beside its place, then moved there. */
export async function writeConfig(
  config: CacheConfig,
  { output, formats }: GeneratorConfig,
): Promise<void> {
  await mkdir(output, { recursive: true });
  const files = formats.flatMap((format) => filesOf(config, format));
  const pending = files.map(([name, text]) => ({
    name,
    text,
    temporary: join(output, `.${name}.${String(process.pid)}`),
  }));
  try {
    for (const { temporary, text } of pending) await writeFile(temporary, text);
    for (const { temporary, name } of pending) await rename(temporary, join(output, name));
  } finally {
    for (const { temporary } of pending) await rm(temporary, { force: true });
  }
}

function filesOf(config: CacheConfig, format: Format): [name: string, text: string][] {
  switch (format) {
    case 'esm':
      return [
        ['cacheConfig.js', moduleText(config, (name) => `export const ${name}`)],
        ['cacheConfig.d.ts', DECLARATION],
      ];
    case 'cjs':
      return [
        ['cacheConfig.cjs', moduleText(config, (name) => `exports.${name}`)],
        ['cacheConfig.d.cts', DECLARATION],
      ];
    case 'ts':
      return [['cacheConfig.ts', moduleText(config, (name) => `export const ${name}`)]];
  }
}

function moduleText(config: CacheConfig, declare: (name: string) => string): string {
  const { format, schemaHash, provider, relationMode, models } = config;
  const lines = Object.entries({ format, schemaHash, provider, relationMode }).map(
    ([name, value]) => `${declare(name)} = ${JSON.stringify(value)};`,
  );
  const texts = Object.entries(models).map(
    ([name, text]) => `  ${JSON.stringify(name)}: ${JSON.stringify(text)},`,
  );
  return `${HEADER}${lines.join('\n')}\n${declare('models')} = {\n${texts.join('\n')}\n};\n`;
}

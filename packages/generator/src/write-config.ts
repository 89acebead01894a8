import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheConfig } from '@boost/core';
import { FORMATS, type Format, type GeneratorConfig } from './options.js';

const HEADER = '// Written by "prisma generate" for Boost. Do not edit: generate it again.\n';

const LEARNED = {
  caps: `/** What invalidations may take, by model: learned from analytics. */
export declare const caps: Readonly<
  Record<string, { maxRows?: number; maxLists?: number; maxDeletes?: number; strategy?: 'epoch' }>
>;
`,
  budget: `/** Of CF_MAX_MONTHLY_BUDGET_USD. */
export declare const budget: { readonly maxMonthlyUsd: number };
`,
} as const;

const DECLARATION = `${HEADER}
/** Version of the format of this module. */
export declare const format: number;
/** Changes whenever something changes that cached values or plans depend on. */
export declare const schemaHash: string;
/** Of the datasource: decides which fields can be told equal without asking the database. */
export declare const provider: string;
/** "foreignKeys" or "prisma": who keeps relations whole. */
export declare const relationMode: string;
/** One compact text per model: fields, keys, relations with their referential actions, tracked keys. */
export declare const models: Readonly<Record<string, string>>;
`;

/**
 * Writes the module in each format, all of it or nothing: first beside its place, then moved there, and what was moved is put back
 * when a later file cannot be. Modules of ours in formats that are no longer asked for go: an import could still find their old text.
 */
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
    await moveAll(pending.map(({ temporary, name }) => [temporary, join(output, name)]));
  } finally {
    for (const { temporary } of pending) await rm(temporary, { force: true });
  }
  const written = new Set(files.map(([name]) => name));
  const others = FORMATS.flatMap((format) => filesOf(config, format)).map(([name]) => name);
  for (const name of others.filter((other) => !written.has(other))) {
    const path = join(output, name);
    if (existsSync(path) && (await readFile(path, 'utf8')).startsWith(HEADER)) await rm(path);
  }
}

/** Renames all files or none. */
async function moveAll(moves: readonly (readonly [from: string, to: string])[]): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const [from, to] of moves) {
      const isFile = statSync(to, { throwIfNoEntry: false })?.isFile() === true;
      const before = isFile ? await readFile(to) : undefined;
      await rename(from, to);
      undo.push(() => (before === undefined ? rm(to) : writeFile(to, before)));
    }
  } catch (error) {
    for (const restore of undo) await restore();
    throw error;
  }
}

function filesOf(config: CacheConfig, format: Format): [name: string, text: string][] {
  switch (format) {
    case 'esm':
      return [
        ['cacheConfig.js', moduleText(config, (name) => `export const ${name}`)],
        ['cacheConfig.d.ts', declarationOf(config)],
      ];
    case 'cjs':
      return [
        ['cacheConfig.cjs', moduleText(config, (name) => `exports.${name}`)],
        ['cacheConfig.d.cts', declarationOf(config)],
      ];
    case 'ts':
      return [['cacheConfig.ts', moduleText(config, (name) => `export const ${name}`)]];
  }
}

function declarationOf({ caps, budget }: CacheConfig): string {
  const learned = [
    caps === undefined ? '' : LEARNED.caps,
    budget === undefined ? '' : LEARNED.budget,
  ];
  return DECLARATION + learned.join('');
}

function moduleText(config: CacheConfig, declare: (name: string) => string): string {
  const { format, schemaHash, provider, relationMode, models, caps, budget } = config;
  const lines = Object.entries({ format, schemaHash, provider, relationMode, caps, budget })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${declare(name)} = ${JSON.stringify(value)};`);
  const texts = Object.entries(models).map(
    ([name, text]) => `  ${JSON.stringify(name)}: ${JSON.stringify(text)},`,
  );
  return `${HEADER}${lines.join('\n')}\n${declare('models')} = {\n${texts.join('\n')}\n};\n`;
}

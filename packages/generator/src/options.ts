import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { GeneratorOptions } from '@prisma/generator-helper';

export type Format = 'esm' | 'cjs' | 'ts';

export interface GeneratorConfig {
  /** Absolute path of the folder. */
  readonly output: string;
  /** Keys to track beside foreign keys, uniques and leading index fields, by model. */
  readonly track: ReadonlyMap<string, readonly (readonly string[])[]>;
  readonly untrack: ReadonlyMap<string, readonly (readonly string[])[]>;
  /** @defaultValue `esm` */
  readonly formats: readonly Format[];
}

const FORMATS: readonly string[] = ['esm', 'cjs', 'ts'];
const KNOWN = new Set(['track', 'untrack', 'formats']);

/** @throws Error that names file and line of the generator's block */
export function readOptions(options: GeneratorOptions): GeneratorConfig {
  const { generator } = options;
  const fail = (message: string, option?: string): Error =>
    new Error(`${whereIs(options, option)}: ${message}`);
  for (const name of Object.keys(generator.config)) {
    if (!KNOWN.has(name)) {
      throw fail(
        `unknown option "${name}" of generator "${generator.name}"; there are output, ${[...KNOWN].join(', ')}.`,
        name,
      );
    }
  }
  const output = generator.output?.value;
  if (!output)
    throw fail(
      `generator "${generator.name}" has an empty output: give a folder, for example "./generated".`,
      'output',
    );
  const formats = list(generator.config['formats'] ?? 'esm');
  for (const format of formats) {
    if (!FORMATS.includes(format))
      throw fail(`unknown format "${format}"; there are ${FORMATS.join(', ')}.`, 'formats');
  }
  return {
    output,
    track: keysByModel(options, 'track', fail),
    untrack: keysByModel(options, 'untrack', fail),
    formats: formats as Format[],
  };
}

function list(value: string | string[]): string[] {
  return Array.isArray(value) ? value : [value];
}

function keysByModel(
  options: GeneratorOptions,
  option: string,
  fail: (message: string, option: string) => Error,
): Map<string, string[][]> {
  const keys = new Map<string, string[][]>();
  for (const text of list(options.generator.config[option] ?? [])) {
    const [name = '', fields = ''] = text.split('.');
    const model = options.dmmf.datamodel.models.find((candidate) => candidate.name === name);
    if (model === undefined)
      throw fail(
        `${option} names "${text}", but there is no model "${name}": write "Model.field".`,
        option,
      );
    const key = fields.split(',').map((field) => field.trim());
    for (const field of key) {
      const known = model.fields.some(
        ({ name: candidate, kind }) =>
          candidate === field && (kind === 'scalar' || kind === 'enum'),
      );
      if (!known)
        throw fail(
          `${option} names "${text}", but model ${name} has no scalar field "${field}".`,
          option,
        );
    }
    keys.set(name, [...(keys.get(name) ?? []), key]);
  }
  return keys;
}

/** File and line of an option in the generator's block, or of the block. */
export function whereIs(options: GeneratorOptions, option?: string): string {
  const path = options.generator.sourceFilePath ?? options.schemaPath;
  const text = existsSync(path) ? tryRead(path) : undefined;
  const file = relative(process.cwd(), path) || path;
  if (text === undefined) return file;
  const lines = text.split('\n');
  const block = lines.findIndex((line) =>
    new RegExp(`^\\s*generator\\s+${options.generator.name}\\b`).test(line),
  );
  if (block < 0) return file;
  if (option === undefined) return `${file}:${String(block + 1)}`;
  const inside = lines
    .slice(block)
    .findIndex((line) => new RegExp(`^\\s*${option}\\s*=`).test(line));
  return `${file}:${String(block + 1 + Math.max(inside, 0))}`;
}

function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // A folder of schema files: the message does without a line.
    return undefined;
  }
}

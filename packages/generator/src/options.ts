import type { GeneratorOptions } from '@prisma/generator-helper';
import { whereIs } from './where-is.js';

export type Format = 'esm' | 'cjs' | 'ts';

/** Keys (lists of fields) by model. */
export type KeysByModel = ReadonlyMap<string, readonly (readonly string[])[]>;

export interface GeneratorConfig {
  /** Absolute path of the folder. */
  readonly output: string;
  /** Keys to track beside foreign keys, uniques and leading index fields, by model. */
  readonly track: KeysByModel;
  /** Keys not to track. */
  readonly untrack: KeysByModel;
  /** @defaultValue `['esm']` */
  readonly formats: readonly Format[];
}

export const FORMATS: readonly Format[] = ['esm', 'cjs', 'ts'];
const KNOWN = ['track', 'untrack', 'formats'];

/** @throws Error that names file and line of the option in the generator's block */
export function readOptions(options: GeneratorOptions): GeneratorConfig {
  const { generator } = options;
  for (const name of Object.keys(generator.config)) {
    if (KNOWN.includes(name)) continue;
    const known = ['output', ...KNOWN].join(', ');
    throw badOption(
      options,
      name,
      `unknown option "${name}" of generator "${generator.name}"; there are ${known}.`,
    );
  }
  const output = generator.output?.value;
  if (!output) {
    throw badOption(
      options,
      'output',
      `generator "${generator.name}" has an empty output: give a folder, for example "./generated".`,
    );
  }
  return {
    output,
    track: readKeys(options, 'track'),
    untrack: readKeys(options, 'untrack'),
    formats: readFormats(options),
  };
}

export function badOption(options: GeneratorOptions, option: string, message: string): Error {
  return new Error(`${whereIs(options, option)}: ${message}`);
}

function readFormats(options: GeneratorOptions): Format[] {
  const names = listOf(options, 'formats') ?? ['esm'];
  const unknown = names.find((name) => !FORMATS.some((format) => format === name));
  if (unknown !== undefined || names.length === 0) {
    const what = unknown === undefined ? 'formats is empty' : `unknown format "${unknown}"`;
    throw badOption(options, 'formats', `${what}; there are ${FORMATS.join(', ')}.`);
  }
  return FORMATS.filter((format) => names.includes(format));
}

function listOf(options: GeneratorOptions, option: string): string[] | undefined {
  const value = options.generator.config[option];
  return typeof value === 'string' ? [value] : value;
}

function readKeys(options: GeneratorOptions, option: 'track' | 'untrack'): KeysByModel {
  const keys = new Map<string, string[][]>();
  for (const text of listOf(options, option) ?? []) {
    const fail = (why: string): Error =>
      badOption(options, option, `${option} names "${text}", but ${why}.`);
    const [name = '', list, ...rest] = text.split('.');
    if (list === undefined || rest.length > 0) {
      throw fail('a key is written "Model.field", a compound one "Model.a,b"');
    }
    const model = options.dmmf.datamodel.models.find((candidate) => candidate.name === name);
    if (model === undefined) throw fail(`there is no model "${name}"`);
    const key = list.split(',').map((field) => field.trim());
    const scalars = model.fields
      .filter(({ kind }) => kind === 'scalar' || kind === 'enum')
      .map((field) => field.name);
    for (const [index, field] of key.entries()) {
      if (!scalars.includes(field)) throw fail(`model ${name} has no scalar field "${field}"`);
      if (key.indexOf(field) !== index) throw fail(`it has the field "${field}" twice`);
    }
    keys.set(name, [...(keys.get(name) ?? []), key]);
  }
  return keys;
}

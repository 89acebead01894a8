import { BoostError } from '@boost/core';
import { type ParseError, parse as parseJson, printParseErrorCode } from 'jsonc-parser';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { firstText, type TextFile } from './files.js';

/** The configuration of Wrangler, as far as Boost has to do with it. */
export interface WranglerConfig extends TextFile {
  readonly format: 'toml' | 'json';
  readonly values: WranglerValues;
}

export interface WranglerValues {
  readonly main?: string;
  readonly compatibility_date?: string;
  readonly compatibility_flags?: readonly string[];
  readonly kv_namespaces?: readonly Binding[];
  readonly d1_databases?: readonly Binding[];
  readonly hyperdrive?: readonly Binding[];
  readonly durable_objects?: { readonly bindings?: readonly ObjectBinding[] };
  readonly migrations?: readonly Migration[];
}

export interface Binding {
  readonly binding: string;
  readonly id?: string;
  readonly database_id?: string;
}

export interface ObjectBinding {
  readonly name: string;
  readonly class_name: string;
  /** The class is another worker's. */
  readonly script_name?: string;
}

export interface Migration {
  readonly tag: string;
  readonly new_classes?: readonly string[];
  readonly new_sqlite_classes?: readonly string[];
}

/** In the order in which Wrangler looks for them. */
const NAMES = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'];

/**
 * @param path - relative to the project, where it is not one of Wrangler's own names
 * @throws BoostError `BOOST_PROJECT_INVALID` where it cannot be read as what it is
 */
export async function readWranglerConfig(
  root: string,
  path?: string,
): Promise<WranglerConfig | undefined> {
  const names = path === undefined ? NAMES : [path];
  const file = await firstText(names.map((name) => join(root, name)));
  if (file === undefined) return undefined;
  const format = file.path.endsWith('.toml') ? 'toml' : 'json';
  return { ...file, format, values: parseWrangler(file, format) };
}

/** @throws BoostError `BOOST_PROJECT_INVALID` */
export function parseWrangler(
  { path, text }: TextFile,
  format: WranglerConfig['format'],
): WranglerValues {
  try {
    return (format === 'toml' ? parseToml(text) : parseJsonc(text)) as WranglerValues;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BoostError('BOOST_PROJECT_INVALID', `${path} cannot be read: ${why}`, {
      cause,
      details: { path },
    });
  }
}

function parseJsonc(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parseJson(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error === undefined) return value;
  const line = text.slice(0, error.offset).split('\n').length;
  throw new Error(`${printParseErrorCode(error.error)} in line ${String(line)}`);
}

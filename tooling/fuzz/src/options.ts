import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DatabaseKind } from './database/database.ts';
import { PACKAGE_ROOT } from './schema/load.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Whichever of the two comes first ends the run. */
  readonly seconds: number;
  readonly ops: number;
  readonly schemas: readonly string[];
  readonly databases: readonly DatabaseKind[];
  readonly json: string | undefined;
}

export const USAGE = `npm run fuzz -- [options]

  --seed N        where randomness starts                          (1)
  --seconds N     how long to run                                  (60)
  --ops N         how many operations to run                       (no limit)
  --schema FILE   a schema, by path or by name; can be repeated    (all that are here)
  --database D    libsql, autocommit, d1, postgres or all          (all)
  --json FILE     where to write the metrics
`;

const KINDS: readonly DatabaseKind[] = ['libsql', 'autocommit', 'd1', 'postgres'];
const FOLDERS = [join(PACKAGE_ROOT, 'schemas'), join(PACKAGE_ROOT, '../../../shared/schemas')];

/** @throws TypeError on an option that is not one */
export function readOptions(argv: readonly string[]): FuzzOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: 'string', default: '1' },
      seconds: { type: 'string' },
      ops: { type: 'string' },
      schema: { type: 'string', multiple: true },
      database: { type: 'string', multiple: true },
      json: { type: 'string' },
    },
  });
  const ops = values.ops === undefined ? Number.POSITIVE_INFINITY : number('ops', values.ops);
  const seconds = values.ops === undefined ? 60 : Number.POSITIVE_INFINITY;
  return {
    seed: number('seed', values.seed),
    seconds: values.seconds === undefined ? seconds : number('seconds', values.seconds),
    ops,
    schemas: values.schema === undefined ? allSchemas() : values.schema.map(findSchema),
    databases: (values.database ?? ['all']).flatMap(kindsNamed),
    json: values.json,
  };
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw new TypeError(`--${name} takes a number, not "${text}".`);
  return value;
}

function kindsNamed(name: string): readonly DatabaseKind[] {
  if (name === 'all') return KINDS;
  const kind = KINDS.find((candidate) => candidate === name);
  if (kind === undefined)
    throw new TypeError(`--database is one of ${KINDS.join(', ')}, all; not "${name}".`);
  return [kind];
}

function allSchemas(): string[] {
  return FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.prisma'))
      .map((name) => join(folder, name)),
  );
}

/** The file of a schema that is named by its path, or by its name alone. */
export function findSchema(name: string): string {
  if (existsSync(name)) return name;
  const found = allSchemas().find((file) => basename(file, '.prisma') === name);
  if (found === undefined) throw new TypeError(`There is no schema "${name}".`);
  return found;
}

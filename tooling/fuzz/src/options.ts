import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Granularity } from '@boost/core';
import { AUTHORITIES } from './cache-run.ts';
import type { AuthorityKind } from './oracle/cached-client.ts';
import { GRANULARITIES } from './oracle/views.ts';
import type { DatabaseKind } from './database/database.ts';
import { PACKAGE_ROOT } from './schema/load.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Whichever of the two comes first ends the run. */
  readonly seconds: number;
  readonly ops: number;
  readonly schemas: readonly string[];
  readonly databases: readonly DatabaseKind[];
  /** `law`: the planners alone; `cache`: a client with the cache in front. */
  readonly modes: readonly Mode[];
  readonly granularities: readonly Granularity[];
  readonly authorities: readonly AuthorityKind[];
  readonly json: string | undefined;
}

export type Mode = 'law' | 'cache';

export const USAGE = `npm run fuzz -- [options]

  --seed N        where randomness starts                          (1)
  --seconds N     how long to run                                  (60)
  --ops N         how many operations to run                       (no limit)
  --schema FILE   a schema, by path or by name; can be repeated    (all that are here)
  --database D    libsql, autocommit, d1, postgres or all          (all)
  --mode M        law (planners), cache (client) or all            (all)
  --granularity G field, row, model or all; of the client          (all)
  --authority A   memory, kv or all; of the client                 (all)
  --json FILE     where to write the metrics

  BOOST_SCHEMAS_DIR names a folder with more schemas.
`;

const MODES: readonly Mode[] = ['law', 'cache'];
const KINDS: readonly DatabaseKind[] = ['libsql', 'autocommit', 'd1', 'postgres'];
/** More real schemas can be tried from a folder that `BOOST_SCHEMAS_DIR` names. */
const FOLDERS = [
  join(PACKAGE_ROOT, 'schemas'),
  join(PACKAGE_ROOT, '../schemas/files'),
  ...(process.env['BOOST_SCHEMAS_DIR'] === undefined ? [] : [process.env['BOOST_SCHEMAS_DIR']]),
];

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
      mode: { type: 'string', default: 'all' },
      granularity: { type: 'string', default: 'all' },
      authority: { type: 'string', default: 'all' },
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
    databases: (values.database ?? ['all']).flatMap((name) => named('database', KINDS, name)),
    modes: named('mode', MODES, values.mode),
    granularities: named('granularity', GRANULARITIES, values.granularity),
    authorities: named('authority', AUTHORITIES, values.authority),
    json: values.json,
  };
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw new TypeError(`--${name} takes a number, not "${text}".`);
  return value;
}

/** One of the names, or all of them. */
function named<Name extends string>(
  option: string,
  names: readonly Name[],
  given: string,
): readonly Name[] {
  if (given === 'all') return names;
  const name = names.find((candidate) => candidate === given);
  if (name === undefined) {
    throw new TypeError(`--${option} is one of ${names.join(', ')}, all; not "${given}".`);
  }
  return [name];
}

/** Each name once: a schema of the same name in a later folder is taken for the same schema. */
function allSchemas(): string[] {
  const byName = new Map<string, string>();
  for (const folder of FOLDERS.filter((path) => existsSync(path))) {
    for (const name of readdirSync(folder).sort()) {
      if (name.endsWith('.prisma') && !byName.has(name)) byName.set(name, join(folder, name));
    }
  }
  return [...byName.values()];
}

/** The file of a schema that is named by its path, or by its name alone. */
export function findSchema(name: string): string {
  if (existsSync(name)) return name;
  const found = allSchemas().find((file) => basename(file, '.prisma') === name);
  if (found === undefined) throw new TypeError(`There is no schema "${name}".`);
  return found;
}

import type { FuzzDatabase } from '../database/database.ts';
import { call, type PrismaClient, type Row } from '../schema/client.ts';
import { usualValues } from '../generate/value.ts';
import {
  fieldOf,
  modelOf,
  type FieldInfo,
  type ModelInfo,
  type RelationInfo,
  type SchemaInfo,
} from '../schema/metadata.ts';
import { plainText } from './canonical.ts';
import { keyText, Snapshot, type Link } from './snapshot.ts';
import { allTables } from './tables.ts';

/** What the tables in focus hold: read again only where a table's fingerprint has changed. */
export class State {
  readonly tables: readonly string[];
  readonly #database: FuzzDatabase;
  readonly #client: PrismaClient;
  readonly #models: readonly ModelInfo[];
  readonly #schema: SchemaInfo;
  #fingerprints: ReadonlyMap<string, string> = new Map();
  #rows: ReadonlyMap<string, readonly Row[]> = new Map();
  #links: ReadonlyMap<string, readonly Link[]> = new Map();
  readonly #stable = new Map<string, readonly Row[]>();
  /** What there was at the last look. */
  now: Snapshot;

  /** @param client - one that shows every field */
  constructor(
    schema: SchemaInfo,
    database: FuzzDatabase,
    client: PrismaClient,
    models: readonly ModelInfo[],
  ) {
    this.#schema = schema;
    this.#database = database;
    this.#client = client;
    this.#models = models;
    this.tables = allTables(models);
    this.now = new Snapshot(schema, this.#rows, this.#links);
  }

  /** Looks at the database again. @returns the tables that have changed since the last look */
  async refresh(): Promise<ReadonlySet<string>> {
    const before = this.#fingerprints;
    this.#fingerprints = await this.#database.fingerprints(this.tables);
    const changed = new Set(
      this.tables.filter((table) => before.get(table) !== this.#fingerprints.get(table)),
    );
    if (changed.size === 0) return changed;
    const rows = new Map(this.#rows);
    const links = new Map(this.#links);
    for (const model of this.#models) {
      if (changed.has(model.table)) rows.set(model.name, await this.#find(model, {}));
      for (const relation of model.relations) {
        if (relation.joinTable !== undefined && changed.has(relation.joinTable)) {
          links.set(`${model.name}.${relation.name}`, await this.#linksOf(model, relation));
        }
      }
    }
    this.#rows = rows;
    this.#links = links;
    this.now = new Snapshot(this.#schema, rows, links);
    for (const model of this.#models) {
      if (!changed.has(model.table)) continue;
      const stable = this.now.rows(model.name).map((row) => stableRow(model, row));
      this.#stable.set(model.name, stable);
    }
    return changed;
  }

  /** The rows without values that a replay would not give again. */
  stableRows(model: string): readonly Row[] {
    return this.#stable.get(model) ?? [];
  }

  /** What a relation leads to, in the same way. */
  stableRelated(relation: RelationInfo, row: Row): readonly Row[] {
    const target = modelOf(this.#schema, relation.target);
    return this.now.related(relation, row).map((other) => stableRow(target, other));
  }

  isEmpty(model: ModelInfo): boolean {
    return this.now.rows(model.name).length === 0;
  }

  async #find(model: ModelInfo, args: unknown): Promise<readonly Row[]> {
    return (await call(this.#client, model.delegate, 'findMany', args)) as Row[];
  }

  async #linksOf(model: ModelInfo, relation: RelationInfo): Promise<readonly Link[]> {
    const target = modelOf(this.#schema, relation.target);
    const keys = ({ identifier }: ModelInfo): Row =>
      Object.fromEntries(identifier.fields.map((name) => [name, true]));
    const select = { ...keys(model), [relation.name]: { select: keys(target) } };
    const rows = await this.#find(model, { select });
    return rows.flatMap((row) =>
      (row[relation.name] as Row[]).map((other): Link => [
        keyText(model, row),
        keyText(target, other),
      ]),
    );
  }
}

function stableRow(model: ModelInfo, row: Row): Row {
  const entries = model.fields.map((field): [string, unknown] => [field.name, row[field.name]]);
  return Object.fromEntries(
    entries.filter(([name, value]) => !isUnstable(fieldOf(model, name), value)),
  );
}

/**
 * Whether another run with the same operations would have another value here: random keys, the time, and what refers to
 * such. Values that the generators chose themselves are recognised by what they are.
 */
export function isUnstable(field: FieldInfo, value: unknown): boolean {
  if (value === null || value === undefined || field.kind === 'Int' || field.kind === 'BigInt')
    return false;
  if (field.kind !== 'String' && field.kind !== 'DateTime') return false;
  if (!field.randomised) return false;
  return !usualValues(field).some((usual) => plainText(usual) === plainText(value));
}

import type { FuzzDatabase } from '../database/database.ts';
import { call, type PrismaClient, type Row } from '../schema/client.ts';
import { usualValues } from '../generate/value.ts';
import { fieldOf, type FieldInfo, type ModelInfo } from '../schema/metadata.ts';
import { plainText } from './canonical.ts';
import { allTables } from './tables.ts';

/** What the tables in focus hold: read again only where a table's fingerprint has changed. */
export class State {
  readonly tables: readonly string[];
  readonly #database: FuzzDatabase;
  readonly #client: PrismaClient;
  readonly #models: readonly ModelInfo[];
  #fingerprints: ReadonlyMap<string, string> = new Map();
  readonly #rows = new Map<string, readonly Row[]>();
  readonly #stable = new Map<string, readonly Row[]>();

  /** @param client - one that shows every field */
  constructor(database: FuzzDatabase, client: PrismaClient, models: readonly ModelInfo[]) {
    this.#database = database;
    this.#client = client;
    this.#models = models;
    this.tables = allTables(models);
  }

  /** Looks at the database again. @returns the tables that have changed since the last look */
  async refresh(): Promise<ReadonlySet<string>> {
    const before = this.#fingerprints;
    this.#fingerprints = await this.#database.fingerprints(this.tables);
    const changed = new Set(
      this.tables.filter((table) => before.get(table) !== this.#fingerprints.get(table)),
    );
    for (const model of this.#models) {
      if (!changed.has(model.table)) continue;
      const rows = (await call(this.#client, model.delegate, 'findMany', {})) as Row[];
      this.#rows.set(model.name, rows);
      this.#stable.set(
        model.name,
        rows.map((row) => stableRow(model, row)),
      );
    }
    return changed;
  }

  rows(model: string): readonly Row[] {
    return this.#rows.get(model) ?? [];
  }

  /** The rows without values that a replay would not give again. */
  stableRows(model: string): readonly Row[] {
    return this.#stable.get(model) ?? [];
  }

  isEmpty(model: ModelInfo): boolean {
    return this.rows(model.name).length === 0;
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

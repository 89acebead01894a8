import { PrismaLibSql } from '@prisma/adapter-libsql';
import Database from 'libsql';
import { hooked } from './hooks.ts';
import { quote, type FuzzDatabase, type StatementHook } from './database.ts';

type Client = ReturnType<PrismaLibSql['createClient']>;
type Row = unknown[];

interface Prepared {
  readonly statement: ReturnType<Database.Database['prepare']>;
  /** Absent for statements that return no rows. */
  readonly columns?: { readonly names: string[]; readonly types: string[] };
}

/** The part of libSQL's client that Prisma's adapter uses, on one connection in memory that keeps its statements prepared. */
class MemoryClient {
  readonly #database: Database.Database;
  readonly #prepared = new Map<string, Prepared>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  // The adapter awaits it and catches what it throws; the statement itself is synchronous.
  execute({ sql, args }: { sql: string; args: unknown[] }): unknown {
    return this.#run(sql, args);
  }

  executeMultiple(script: string): Promise<void> {
    this.#database.exec(script);
    return Promise.resolve();
  }

  transaction(): Promise<unknown> {
    this.#database.exec('BEGIN DEFERRED');
    return Promise.resolve({
      execute: (query: { sql: string; args: unknown[] }) => this.execute(query),
      commit: () => this.executeMultiple('COMMIT'),
      rollback: () => {
        if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
        return Promise.resolve();
      },
    });
  }

  /** The database outlives its clients. */
  close(): void {
    this.#prepared.clear();
  }

  #run(sql: string, args: unknown[]): unknown {
    const { statement, columns } = this.#prepare(sql);
    const values = args.map(toSql);
    if (columns === undefined) {
      return {
        columns: [],
        columnTypes: [],
        rows: [],
        rowsAffected: statement.run(values).changes,
      };
    }
    const rows = (statement.all(values) as Row[]).map((row) => row.map(fromSql));
    return { columns: columns.names, columnTypes: columns.types, rows, rowsAffected: 0 };
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#prepared.get(sql);
    if (prepared === undefined) {
      const statement = this.#database.prepare(sql).safeIntegers(true);
      prepared = statement.reader
        ? { statement: statement.raw(true), columns: columnsOf(statement) }
        : { statement };
      if (this.#prepared.size > 5_000) this.#prepared.clear();
      this.#prepared.set(sql, prepared);
    }
    return prepared;
  }
}

function columnsOf(statement: Prepared['statement']): { names: string[]; types: string[] } {
  const columns = statement.columns();
  return { names: columns.map(({ name }) => name), types: columns.map(({ type }) => type ?? '') };
}

/** As libSQL's own client does. */
function toSql(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  return value instanceof Date ? value.valueOf() : value;
}

function fromSql(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) {
      throw new RangeError(
        'Received integer which cannot be safely represented as a JavaScript number',
      );
    }
    return number;
  }
  if (value instanceof Uint8Array) return Uint8Array.from(value).buffer;
  return value;
}

class MemoryLibSql extends PrismaLibSql {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ url: ':memory:' });
    this.#database = database;
  }

  override createClient(): Client {
    return new MemoryClient(this.#database) as unknown as Client;
  }
}

export interface MemoryOptions {
  /** False imitates D1: every statement commits by itself. @defaultValue true */
  readonly transactions?: boolean;
}

export interface MemoryDatabase extends FuzzDatabase {
  /** Makes this database hold what the other one does. Both have the same tables. */
  copyFrom(other: MemoryDatabase): void;
  /** For `copyFrom`. */
  readonly connection: Database.Database;
}

/** libSQL in memory. @param ddl - the script that makes its tables */
export function createMemoryDatabase(ddl: string, options: MemoryOptions = {}): MemoryDatabase {
  const { transactions = true } = options;
  const connection = new Database(':memory:');
  connection.exec('PRAGMA foreign_keys = ON;');
  connection.exec(ddl);
  const listed = connection
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`)
    .raw(true);
  const tables = (listed.all() as [string][]).map(([name]) => name);
  const factory = new MemoryLibSql(connection);
  let hook: StatementHook | undefined;
  const before: StatementHook = async () => hook?.();
  const contents = new Map<string, Database.Statement>();
  const rowsOf = (database: Database.Database, table: string): Row[] =>
    database
      .prepare(`SELECT * FROM ${quote(table)}`)
      .safeIntegers(true)
      .raw(true)
      .all() as Row[];
  const unchecked = (change: () => void): void => {
    connection.exec('PRAGMA foreign_keys = OFF;');
    try {
      change();
    } finally {
      connection.exec('PRAGMA foreign_keys = ON;');
    }
  };
  const empty = (): void => {
    connection.exec(tables.map((table) => `DELETE FROM ${quote(table)};`).join('\n'));
  };

  return {
    kind: transactions ? 'libsql' : 'autocommit',
    transactions,
    connection,
    adapter: () => (transactions ? factory : hooked(factory, { before, transactions: false })),
    ...(transactions ? {} : { beforeStatements: (wanted) => (hook = wanted) }),
    reset() {
      unchecked(empty);
      return Promise.resolve();
    },
    fingerprints(wanted) {
      const found = wanted.map((table): [string, string] => {
        let statement = contents.get(table);
        if (statement === undefined) {
          statement = connection
            .prepare(`SELECT * FROM ${quote(table)} ORDER BY 1`)
            .safeIntegers(true)
            .raw(true);
          contents.set(table, statement);
        }
        return [table, JSON.stringify(statement.all(), textOf)];
      });
      return Promise.resolve(new Map(found));
    },
    copyFrom(other) {
      unchecked(() => {
        // Inserting moves the sequences: theirs is copied last.
        const sequences = tables.filter((table) => table === 'sqlite_sequence');
        const others = tables.filter((table) => table !== 'sqlite_sequence');
        for (const table of [...others, ...sequences]) {
          connection.exec(`DELETE FROM ${quote(table)}`);
          const rows = rowsOf(other.connection, table);
          const [first] = rows;
          if (first === undefined) continue;
          const insert = connection.prepare(
            `INSERT INTO ${quote(table)} VALUES (${first.map(() => '?').join()})`,
          );
          for (const row of rows) insert.run(row);
        }
      });
    },
    close() {
      connection.close();
      return Promise.resolve();
    },
  };
}

export function isMemoryDatabase(database: FuzzDatabase): database is MemoryDatabase {
  return 'copyFrom' in database;
}

function textOf(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${String(value)}n` : value;
}

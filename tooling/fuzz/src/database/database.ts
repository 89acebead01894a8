import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';

/** A database with the tables of one schema, that can be emptied and looked at as a whole. */
export interface FuzzDatabase {
  readonly kind: DatabaseKind;
  /** Whether statements of one operation are one transaction. False on D1, and where it is imitated. */
  readonly transactions: boolean;
  /** A driver adapter for a client. Clients of one database see the same data. */
  adapter(): SqlDriverAdapterFactory;
  /** Empties every table and sets the sequences back. */
  reset(): Promise<void>;
  /** Table → a text that is another one whenever the table's content is another one. */
  fingerprints(tables: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Has something happen before each statement of its clients, or nothing any more. Absent where another writer would have to
   * wait for the transaction that the statement is in.
   */
  readonly beforeStatements?: (hook: StatementHook | undefined) => void;
  close(): Promise<void>;
}

export type StatementHook = () => Promise<void>;

/**
 * - `libsql`: in memory, through Prisma's own libSQL adapter
 * - `autocommit`: the same without transactions, as D1's adapter does it; fast
 * - `d1`: D1 in workerd
 * - `postgres`: a real PostgreSQL
 */
export type DatabaseKind = 'libsql' | 'autocommit' | 'd1' | 'postgres';

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

import { startPostgres, type PostgresServer } from '@boost-tooling/database';
import type { SqlDriverAdapter, SqlQuery } from '@prisma/driver-adapter-utils';
import { quote, type FuzzDatabase } from './database.ts';

const NO_ARGUMENTS: Pick<SqlQuery, 'args' | 'argTypes'> = { args: [], argTypes: [] };

/** A database with the schema's tables on a server of this process. */
export async function createPostgresDatabase(
  server: PostgresServer,
  schemaText: string,
): Promise<FuzzDatabase> {
  const database = await server.createDatabase(schemaText);
  const connection: SqlDriverAdapter = await database.adapter().connect();
  const query = async (sql: string): Promise<unknown[][]> =>
    (await connection.queryRaw({ sql, ...NO_ARGUMENTS })).rows;
  const listed = await query(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const tables = listed.map(([name]) => String(name));
  const qualified = (table: string): string =>
    tables.find((name) => name.endsWith(`.${table}`) || name.endsWith(`.${quote(table)}`)) ??
    quote(table);
  return {
    kind: 'postgres',
    transactions: true,
    adapter: () => database.adapter(),
    async reset() {
      if (tables.length === 0) return;
      await connection.executeScript(`TRUNCATE ${tables.join()} RESTART IDENTITY CASCADE`);
    },
    async fingerprints(wanted) {
      const parts = wanted.map(
        (table, index) =>
          `SELECT ${String(index)}, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM ${qualified(table)} t`,
      );
      const rows = await query(parts.join(' UNION ALL '));
      return new Map(
        rows.map(([index, digest]) => [String(wanted[Number(index)]), String(digest)]),
      );
    },
    async close() {
      await connection.dispose();
      await database.drop();
    },
  };
}

export { startPostgres, type PostgresServer };

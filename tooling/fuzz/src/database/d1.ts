import { PrismaD1 } from '@prisma/adapter-d1';
import { Miniflare } from 'miniflare';
import { bindingOf, D1_WORKER } from './d1-binding.ts';
import { quote, type FuzzDatabase } from './database.ts';

type D1Binding = ReturnType<typeof bindingOf>;

/** D1 as workerd runs it. One process serves the databases of all schemas. */
export interface D1Server {
  /** A database with the tables that the script makes; its old tables go. */
  createDatabase(ddl: string): Promise<FuzzDatabase>;
  stop(): Promise<void>;
}

/** Enough for every schema and what each is used for; one that nobody uses costs nothing. */
const DATABASES = 96;

export function startD1(): D1Server {
  const names = Array.from({ length: DATABASES }, (_, index) => `DB${String(index)}`);
  const miniflare = new Miniflare({
    modules: true,
    script: D1_WORKER,
    d1Databases: names,
  });
  let next = 0;
  const unmute = muteRefusals();
  return {
    async createDatabase(ddl) {
      const name = names[next++];
      if (name === undefined) throw new RangeError(`More than ${String(DATABASES)} databases.`);
      return openD1(bindingOf(miniflare, name), ddl);
    },
    stop() {
      unmute();
      return miniflare.dispose();
    },
  };
}

/**
 * Prisma's adapter for D1 prints each error of the database before it throws it. Here the database is asked for much that it
 * refuses, and what it says is compared: that line alone is left out. @returns what undoes it
 */
function muteRefusals(): () => void {
  const print = console.error;
  console.error = (...parts: unknown[]) => {
    if (parts[0] !== 'Error in performIO: %O') print(...parts);
  };
  return () => {
    console.error = print;
  };
}

async function openD1(binding: D1Binding, ddl: string): Promise<FuzzDatabase> {
  const tablesNow = async (): Promise<string[]> => {
    const { results } = await binding
      .prepare(
        `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*'`,
      )
      .all<{ name: string }>();
    return results.map(({ name }) => name);
  };
  const run = async (statements: readonly string[]): Promise<void> => {
    const deferred = ['PRAGMA defer_foreign_keys = true', ...statements];
    await binding.batch(deferred.map((sql) => binding.prepare(sql)));
  };
  const old = await tablesNow();
  if (old.length > 0) await run(old.map((table) => `DROP TABLE ${quote(table)}`));
  await run(statementsOf(ddl));
  const tables = await tablesNow();
  const adapter = new PrismaD1(binding);
  return {
    kind: 'd1',
    transactions: false,
    adapter: () => adapter,
    reset: () => run(tables.map((table) => `DELETE FROM ${quote(table)}`)),
    async fingerprints(wanted) {
      const queries = wanted.map((table) =>
        binding.prepare(`SELECT * FROM ${quote(table)} ORDER BY 1`),
      );
      const answers = await binding.batch(queries);
      return new Map(
        wanted.map((table, index) => [table, JSON.stringify(answers[index]?.results)]),
      );
    },
    close: () => Promise.resolve(),
  };
}

function statementsOf(script: string): string[] {
  return script
    .split('\n')
    .filter((line) => !line.startsWith('--'))
    .join('\n')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

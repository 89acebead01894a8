import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ddlFor, startPostgres, type PostgresServer } from '@boost-tooling/database';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  DATABASES,
  GENERATORS,
  providerOf,
} from '../../../packages/prisma/test/support-matrix/cells.js';
import { PRISMA_7 } from '../../../packages/prisma/test/support-matrix/prisma-7.js';
import {
  play,
  type Scene,
  type Transactions,
} from '../../../packages/prisma/test/support-matrix/scenario.js';
import { SCHEMA } from '../../../packages/prisma/test/support/sqlite.js';
import { PRISMA_6 } from './support-matrix/prisma-6.js';

const PAGE = new URL('../../../docs/getting-started.md', import.meta.url);
const ROWS = [PRISMA_6, PRISMA_7].flatMap((version) =>
  GENERATORS.map((generator) => ({ version, generator })),
);
const CELLS = ROWS.flatMap((row) => DATABASES.map((database) => ({ ...row, database })));
type Cell = (typeof CELLS)[number];
const nameOf = ({ version, generator, database }: Cell): string =>
  `${version.name} ${generator} ${database}`;

/** What Prisma says of interactive transactions on D1. */
const REFUSED = /Cloudflare D1 does not support interactive transactions/;

/** What the page says of a cell. */
function wordsFor({ batch, interactive }: Transactions): string {
  if (batch === 'undone' && interactive === true) return 'yes';
  return 'yes, but transactions';
}

let miniflare: Miniflare;
let postgres: PostgresServer;
const seen = new Map<string, Transactions>();
/** Of libSQL's files. */
let directory: string;
let ddl: readonly string[];

beforeAll(async () => {
  miniflare = new Miniflare({
    modules: true,
    script: 'export default {};',
    kvNamespaces: CELLS.map(nameOf),
    d1Databases: CELLS.map(nameOf),
  });
  directory = await mkdtemp(join(tmpdir(), 'boost-support-matrix-'));
  const statements = (await ddlFor(SCHEMA)).replace(/^--.*$/gm, '').split(/;\s*\n/);
  ddl = statements.filter((sql) => sql.trim() !== '');
  [postgres] = await Promise.all([startPostgres(), miniflare.ready]);
}, 60_000);

afterAll(async () => {
  await Promise.all([miniflare.dispose(), postgres.stop()]);
  await rm(directory, { recursive: true, force: true });
});

/** A new database, on D1 and PostgreSQL with its tables. @returns what a driver adapter connects to */
async function connectionOf(cell: Cell): Promise<unknown> {
  switch (cell.database) {
    case 'D1': {
      const binding = await miniflare.getD1Database(nameOf(cell));
      await binding.batch(ddl.map((statement) => binding.prepare(statement)));
      return binding;
    }
    case 'libSQL':
      return `file:${join(directory, `${cell.version.name}-${cell.generator}.db`)}`;
    case 'PostgreSQL':
      return (await postgres.createDatabase(SCHEMA.replace('"sqlite"', '"postgresql"'))).url;
  }
}

async function sceneOf(cell: Cell): Promise<Scene> {
  const { version, generator, database } = cell;
  const generated = version.clients[generator][providerOf(database)];
  const connection = await connectionOf(cell);
  const plain = generated.create({ adapter: version.drivers[database](connection as never) });
  onTestFinished(() => plain.$disconnect());
  // By the version's own driver: two copies of SQLite in one process take the locks of a file from each other.
  if (database === 'libSQL') {
    for (const statement of ddl) await plain.$executeRawUnsafe(statement);
  }
  const kv = (await miniflare.getKVNamespace(nameOf(cell))) as unknown as Scene['kv'];
  return { generated, plain, kv };
}

describe('each version, generator and database', () => {
  test.each(CELLS.map((cell) => ({ name: nameOf(cell), cell })))(
    '$name: misses, hits, types, writes, nested writes, transactions',
    async ({ cell }) => {
      const transactions = await play(await sceneOf(cell));
      seen.set(nameOf(cell), transactions);
      const { batch, interactive } = transactions;
      expect(batch).toBe(cell.database === 'D1' ? 'kept' : 'undone');
      if (cell.database === 'D1') expect(interactive).toMatch(REFUSED);
      else expect(interactive).toBe(true);
    },
    60_000,
  );

  test('what is documented is what was seen', async () => {
    expect(seen.size).toBe(12);
    const lines = ROWS.map((row) => {
      const words = DATABASES.map((database) => {
        const transactions = seen.get(nameOf({ ...row, database }));
        return transactions === undefined ? 'no' : wordsFor(transactions);
      });
      return [row.version.name, `\`${row.generator}\``, ...words];
    });
    const page = (await readFile(PAGE, 'utf8')).replaceAll(/ +\|/g, ' |').replaceAll(/\| +/g, '| ');
    const table = [['Prisma', 'generator', ...DATABASES], ...lines];
    for (const cells of table) expect(page).toContain(`| ${cells.join(' | ')} |`);
  });
});

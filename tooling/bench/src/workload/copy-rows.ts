import type { Operation } from '@boost/core';
import type { Tables } from './tables.ts';

const CHUNK_ROWS = 500;

/** Puts the rows of the tables in memory into a database. */
export async function copyRows(
  tables: Tables,
  models: readonly string[],
  ask: (operation: Operation) => Promise<unknown>,
): Promise<void> {
  for (const model of models) {
    const rows = tables.all(model);
    for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
      const data = rows.slice(from, from + CHUNK_ROWS);
      await ask({ model, action: 'createMany', args: { data } });
    }
  }
}

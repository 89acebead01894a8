import { Databases, providerFor } from './database/open.ts';
import type { Op } from './generate/op.ts';
import { findSchema } from './options.ts';
import type { Case, FindingKind } from './oracle/finding.ts';
import { replay, type Seen } from './replay.ts';
import { loadSchema } from './schema/load.ts';

/** What a pasted case may leave out. */
export type PastedCase = Omit<Case, 'settings'> & Partial<Pick<Case, 'settings'>>;

const GENEROUS: Case['settings'] = {
  limits: { maxScopes: 1_000, maxBulkRows: 150, maxParameters: 30_000 },
  options: {},
};

/** A write in a pasted case. */
export function write(model: string, action: string, args: Record<string, unknown>): Op {
  return { kind: 'write', operation: { model, action, args } };
}

/** Plays a case that the oracle has printed. @returns what is wrong, or undefined */
export async function replayCase(given: PastedCase, kind: FindingKind): Promise<Seen | undefined> {
  const databases = new Databases();
  const schema = await loadSchema(findSchema(given.schema), providerFor(given.database));
  const database = await databases.open(given.database, schema);
  const client = schema.createClient(database.adapter());
  try {
    return await replay({ schema, database, client }, { settings: GENEROUS, ...given }, kind);
  } finally {
    await client.$disconnect();
    await database.close();
    await databases.close();
  }
}

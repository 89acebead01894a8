import type { FuzzDatabase } from './database/database.ts';
import type { Case, Finding } from './oracle/finding.ts';
import { replay, type Stage } from './replay.ts';
import type { LoadedSchema } from './schema/load.ts';
import { shrink } from './shrink.ts';

/** The smallest case that fails in the same way; undefined where what was worked out is not what the database does. */
export async function shrunk(
  finding: Finding,
  schema: LoadedSchema,
  database: FuzzDatabase,
): Promise<Finding | undefined> {
  const client = schema.createClient(database.adapter());
  const stage: Stage = { schema, database, client };
  const fails = async (candidate: Case): Promise<boolean> =>
    (await replay(stage, candidate, finding.kind)) !== undefined;
  try {
    if (!(await fails(finding.case))) {
      if (finding.worked === true) return undefined;
      const note = 'Not seen again when played from an empty database.';
      return { ...finding, note: [finding.note, note].filter(Boolean).join('\n') };
    }
    const smallest = await shrink(finding.case, fails);
    const again = await replay(stage, smallest, finding.kind);
    return { ...finding, case: smallest, ...again };
  } finally {
    await client.$disconnect();
  }
}

import type { Patch } from './build.ts';

const LOG = 'packages/core/src/epoch/log';
const CLIENT = 'packages/coordinator/src/client';

/** Instead of 30 seconds. */
export const SCALED_DEADLINE_MS = 5_000;

/** Limits of the log that production reaches after thousands of writes. */
export const SCALED_DOWN: readonly Patch[] = [
  limit(`${LOG}/epoch-log.ts`, 'DEFAULT_MAX_SCOPES', '1_000_000', 60),
  limit(`${LOG}/epoch-log.ts`, 'MAX_HISTORY', '100_000', 120),
  limit(`${LOG}/epoch-log.ts`, 'MAX_PAST', '4_000', 12),
  limit(`${LOG}/epoch-log.ts`, 'RESERVED', '1_000', 4),
  limit(`${LOG}/epoch-log.ts`, 'REMEMBERED_ENDS', '10_000', 8),
  limit(
    'packages/coordinator/src/limits.ts',
    'MAX_WRITE_DEADLINE_MS',
    '30_000',
    SCALED_DEADLINE_MS,
  ),
  limit(`${LOG}/log-storage.ts`, 'ROWS_TO_MERGE', '1_000', 4),
  limit(`${LOG}/log-storage.ts`, 'SCOPES_IN_SEGMENT', '4_096', 8),
  limit(`${LOG}/log-storage.ts`, 'MAX_SEGMENTS', '512', 3),
  limit(`${LOG}/relay-copy.ts`, 'RELAYED_HISTORY', '100_000', 60),
  limit(`${LOG}/relay-copy.ts`, 'RELAYED_PAST', '4_000', 12),
  limit(`${LOG}/log-copy.ts`, 'MAX_SCOPES', '200_000', 24),
  limit(`${CLIENT}/isolate-log.ts`, 'MAX_LOGS', '500', 1),
  limit(`${CLIENT}/isolate-log.ts`, 'CONFIRMED_CHARACTERS', '1_000_000', 400),
];

/** Entries meet in one store whose stamps mean other hashes by the same text. */
export const NEXT_VERSION: readonly Patch[] = [
  { file: `${CLIENT}/stamp.ts`, find: "const FORMAT = 'c1';", replace: "const FORMAT = 'c2';" },
  {
    file: `${CLIENT}/stamp.ts`,
    find: "'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'",
    replace: "'zyxwvutsrqponmlkjihgfedcbaABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_'",
  },
];

function limit(file: string, name: string, from: string, to: number): Patch {
  return { file, find: `const ${name} = ${from};`, replace: `const ${name} = ${String(to)};` };
}

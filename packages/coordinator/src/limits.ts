/** Longest time that a write may take from its announcement to its commit, in milliseconds: the most that D1 gives a statement. */
export const MAX_WRITE_DEADLINE_MS = 30_000;

/**
 * Added to every deadline: the object may be started again on a machine whose clock is ahead. In milliseconds.
 */
export const CLOCK_MARGIN_MS = 1_000;

/**
 * For how long a writer goes by what it was told of the groups of models, in milliseconds: a change of them is quiet for longer.
 */
export const GROUPS_KNOWN_MS = 5_000;

/**
 * For how long a new log lets nobody answer from a cache or fill, in milliseconds. It may have taken the place of one whose open writes
 * nobody knows any more, or whose groups some writers still go by.
 */
export const QUIET_MS: number = MAX_WRITE_DEADLINE_MS + GROUPS_KNOWN_MS + CLOCK_MARGIN_MS;

/**
 * Most scopes of one announcement or commit, as hashes of 8 bytes: a Durable Object without SQLite stores 128 KiB under a key.
 *
 * @see https://developers.cloudflare.com/durable-objects/platform/limits/ (checked 2026-11-23)
 */
export const MAX_HASHES = 12_000;

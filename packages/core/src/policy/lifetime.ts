const DAY_SECONDS = 24 * 60 * 60;

/** Longest life of an entry, stale window included; a longer `ttl` + `swr` is cut to it. */
export const MAX_ENTRY_SECONDS: number = 30 * DAY_SECONDS;

/**
 * Life of an epoch key after its last bump: part of the stored format. Longer than any entry lives, clocks that differ by days
 * included, so that an epoch which has expired (and reads as "never bumped" again) cannot revive an entry from before the bump.
 */
export const EPOCH_TTL_SECONDS: number = MAX_ENTRY_SECONDS + 15 * DAY_SECONDS;

/** Seconds that an entry is fresh where nothing else is said. */
export const DEFAULT_TTL_SECONDS = 300;

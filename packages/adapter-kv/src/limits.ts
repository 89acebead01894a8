/**
 * Limits of Workers KV, checked on 2026-11-23.
 *
 * @see https://developers.cloudflare.com/kv/platform/limits/
 * @see https://developers.cloudflare.com/kv/api/read-key-value-pairs/
 */
export const MAX_KEY_BYTES = 512;
export const MAX_VALUE_BYTES: number = 25 * 1024 * 1024;
export const MIN_EXPIRATION_TTL_SECONDS = 60;
export const MIN_CACHE_TTL_SECONDS = 30;
export const MAX_KEYS_PER_BULK_GET = 100;
export const MAX_KEYS_PER_LIST = 1_000;
/** Connections that a Worker may have open at once: more deletes would only wait. */
export const MAX_OPEN_CONNECTIONS = 6;

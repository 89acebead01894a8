/**
 * Limits of Workers KV over Cloudflare's REST API, checked on 2026-11-23.
 *
 * @see https://developers.cloudflare.com/kv/platform/limits/
 * @see https://developers.cloudflare.com/api/resources/kv/
 * @see https://developers.cloudflare.com/fundamentals/api/reference/limits/
 */
export const MAX_KEY_BYTES = 512;
export const MAX_VALUE_BYTES: number = 25 * 1024 * 1024;
export const MAX_METADATA_BYTES = 1_024;
export const MIN_EXPIRATION_TTL_SECONDS = 60;
export const MAX_KEYS_PER_BULK_GET = 100;
export const MAX_KEYS_PER_BULK_WRITE = 10_000;
/** Of the whole request, as JSON. */
export const MAX_BULK_WRITE_BYTES: number = 100 * 1000 * 1000;
export const MIN_KEYS_PER_LIST = 10;
export const MAX_KEYS_PER_LIST = 1_000;
/** Requests of one call that are on their way at once; the API counts 1,200 in five minutes. */
export const MAX_CONCURRENT_REQUESTS = 6;

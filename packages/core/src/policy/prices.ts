/**
 * What Cloudflare charges beyond the included amounts of the paid plan, in US dollars per operation.
 *
 * Checked 2026-11-23.
 *
 * @see https://developers.cloudflare.com/kv/platform/pricing/
 */
export const KV_PRICE_USD: Readonly<Record<'read' | 'write' | 'delete' | 'list', number>> = {
  /** Per key; bulk reads are billed per key. */
  read: 0.5 / 1e6,
  write: 5 / 1e6,
  delete: 5 / 1e6,
  list: 5 / 1e6,
};

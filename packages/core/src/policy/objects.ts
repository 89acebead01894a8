/** Requests a second that one Durable Object answers. Source: Cloudflare's rules of Durable Objects, checked 2026-11-23. */
export const REQUESTS_PER_OBJECT = 1_000;

/** Objects that a tenant needs, by its requests a second. */
export function recommendedShards(requestsPerSecond: number): number {
  return Math.max(1, Math.ceil(requestsPerSecond / REQUESTS_PER_OBJECT));
}

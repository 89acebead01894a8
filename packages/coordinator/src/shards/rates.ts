import { advance, MAX_WINDOW_SECONDS, type Traffic } from './traffic.js';

/** Requests a second of each tenant over the last seconds; of the one that runs what it has had. */
export function ratesOf(
  traffic: Traffic,
  windowSeconds: number,
  nowMs: number,
): Map<string, number> {
  const second = Math.floor(nowMs / 1_000);
  const rates = new Map<string, number>();
  for (const [tenant, counts] of traffic.tenants) {
    advance(counts, second);
    let sum = 0;
    for (let back = 0; back < windowSeconds; back++) {
      const slot = (counts.second - back + MAX_WINDOW_SECONDS) % MAX_WINDOW_SECONDS;
      sum += counts.bySecond[slot] ?? 0;
    }
    if (sum > 0) rates.set(tenant, sum / windowSeconds);
  }
  return rates;
}

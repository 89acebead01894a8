/** A tenant's requests by second, the last so many of them in a ring. */
export interface Counts {
  readonly bySecond: Uint32Array;
  second: number;
}

/** Longest window, in seconds. */
export const MAX_WINDOW_SECONDS = 300;
/** 1.2 KB each. Of more tenants those are forgotten that have asked for nothing longest. */
const MAX_TENANTS = 1_000;

/** How many requests of each tenant this isolate has had lately. */
export class Traffic {
  readonly tenants: Map<string, Counts> = new Map();

  count(tenant: string, nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    let counts = this.tenants.get(tenant);
    if (counts?.second !== second) {
      counts ??= this.#room(second);
      advance(counts, second);
      // The order of the map is that of their latest requests.
      this.tenants.delete(tenant);
      this.tenants.set(tenant, counts);
    }
    const slot = counts.second % MAX_WINDOW_SECONDS;
    counts.bySecond[slot] = (counts.bySecond[slot] ?? 0) + 1;
  }

  #room(second: number): Counts {
    const [oldest] = this.tenants.keys();
    if (oldest !== undefined && this.tenants.size >= MAX_TENANTS) this.tenants.delete(oldest);
    return { bySecond: new Uint32Array(MAX_WINDOW_SECONDS), second };
  }
}

/** Seconds that nothing was counted in had none. A clock that is set back changes nothing. */
export function advance(counts: Counts, second: number): void {
  const skipped = Math.min(second - counts.second, MAX_WINDOW_SECONDS);
  for (let ahead = 1; ahead <= skipped; ahead++) {
    counts.bySecond[(counts.second + ahead) % MAX_WINDOW_SECONDS] = 0;
  }
  counts.second = Math.max(counts.second, second);
}

/** What all clients of this isolate count in. */
export const TRAFFIC: Traffic = new Traffic();

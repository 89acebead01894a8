import type { Counts, ShownEvent } from '../../wire.js';

const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const WHOLE = new Intl.NumberFormat('en');
const THREE_DIGITS = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const SHOWN_OF_KEY = 8;

export const timeText = (ms: number): string => TIME.format(ms);
export const countText = (count: number): string => WHOLE.format(count);

export function durationText(ms: number): string {
  return ms < 1_000 ? `${THREE_DIGITS.format(ms)} ms` : `${THREE_DIGITS.format(ms / 1_000)} s`;
}

export function sizeText(characters: number): string {
  return characters < 1_000 ? `${characters} B` : `${THREE_DIGITS.format(characters / 1_000)} kB`;
}

export function costText(usd: number): string {
  return `$${THREE_DIGITS.format(usd)}`;
}

export const keyText = (key: string): string => key.slice(0, SHOWN_OF_KEY);

export function tenantText(tenant: string | null | undefined): string {
  return tenant ?? (tenant === null ? 'no tenant' : '');
}

export const several = (count: number, one: string, many: string): string =>
  `${countText(count)} ${count === 1 ? one : many}`;

export function readsOf({ hits, shared, misses, bypasses }: Counts): number {
  return hits + shared + misses + bypasses;
}

/** Reads that the database was not asked for. Undefined without reads. */
export function hitRateOf(counts: Counts): number | undefined {
  const reads = readsOf(counts);
  return reads === 0 ? undefined : (counts.hits + counts.shared) / reads;
}

export const percentText = (share: number | undefined): string =>
  share === undefined ? '–' : `${Math.round(share * 100)} %`;

/** What the page calls it when an operation came out like this. */
export type Outcome = 'hit' | 'shared' | 'stale' | 'miss' | 'bypass' | 'write' | 'skip' | 'error';

export function outcomeOf(event: ShownEvent): Outcome {
  if (event.kind !== 'read') return event.kind;
  if (event.coalesced) return 'shared';
  return event.status.startsWith('hit') ? 'hit' : (event.status as Outcome);
}

const SOURCES: Readonly<Record<string, string>> = {
  'hit-memory': 'memory',
  'hit-l1': 'near store',
  'hit-l2': 'store',
  stale: 'store',
};

/** Who answered a read. */
export function sourceOf(status: string): string {
  return SOURCES[status] ?? 'database';
}

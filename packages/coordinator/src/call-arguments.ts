import { BoostError, type ScopeHashes } from '@boost/core';
import { CLOCK_MARGIN_MS, MAX_HASHES, MAX_WRITE_DEADLINE_MS } from './limits.js';

export function checkId(id: unknown): string {
  if (typeof id === 'string' && id.length > 0 && id.length <= 64) return id;
  throw refused('id', 'a text of 1 to 64 characters');
}

export function checkHashes(hashes: unknown): ScopeHashes {
  if (hashes instanceof Float64Array && hashes.length <= MAX_HASHES) return hashes;
  throw refused('hashes', `a Float64Array of at most ${MAX_HASHES}`);
}

export function withMargin(deadlineMs: unknown): number {
  if (typeof deadlineMs === 'number' && deadlineMs >= 0 && deadlineMs <= MAX_WRITE_DEADLINE_MS) {
    return deadlineMs + CLOCK_MARGIN_MS;
  }
  throw refused('deadlineMs', `at most ${MAX_WRITE_DEADLINE_MS} milliseconds`);
}

export function refused(what: string, wanted: string): BoostError {
  return new BoostError(
    'BOOST_OPTION_INVALID',
    `The coordinator was called with a wrong ${what}: it takes ${wanted}`,
    { details: { option: what } },
  );
}

import { BoostError } from '../error.js';
import { MAX_ENTRY_SECONDS } from '../policy/lifetime.js';
import type { CacheStrategy } from './engine.js';

/** Seconds and labels of one read, within what the stored format allows. */
export interface Lifetime {
  readonly ttlSeconds: number;
  readonly swrSeconds: number;
}

const MAX_TAGS = 5;
const TAG = /^[A-Za-z0-9_]{1,64}$/;
const NO_TAGS: readonly string[] = [];

/**
 * How long a result is cached. What exceeds the longest life of an entry is cut, since epochs live no longer.
 *
 * @throws BoostError `BOOST_STRATEGY_INVALID`
 */
export function lifetimeOf(strategy: CacheStrategy, defaults: Lifetime): Lifetime {
  const ttlSeconds = seconds('ttl', strategy.ttl ?? defaults.ttlSeconds);
  const swrSeconds = seconds('swr', strategy.swr ?? defaults.swrSeconds);
  const ttl = Math.min(ttlSeconds, MAX_ENTRY_SECONDS);
  return { ttlSeconds: ttl, swrSeconds: Math.min(swrSeconds, MAX_ENTRY_SECONDS - ttl) };
}

/**
 * The tags, without repetition.
 *
 * @throws BoostError `BOOST_STRATEGY_INVALID`
 */
export function checkTags(tags: readonly string[] = NO_TAGS): readonly string[] {
  if (tags.length === 0) return NO_TAGS;
  for (const tag of tags) {
    if (typeof tag === 'string' && TAG.test(tag)) continue;
    throw new BoostError(
      'BOOST_STRATEGY_INVALID',
      `The tag ${JSON.stringify(tag)} is not one: give letters, digits and "_", at most 64 characters`,
    );
  }
  if (tags.length > MAX_TAGS) {
    throw new BoostError(
      'BOOST_STRATEGY_INVALID',
      `${tags.length} tags were given: give at most ${MAX_TAGS}`,
    );
  }
  return [...new Set(tags)];
}

function seconds(name: string, value: number): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw new BoostError(
    'BOOST_STRATEGY_INVALID',
    `cacheStrategy.${name} is ${String(value)}: give a number of seconds, 0 or more`,
  );
}

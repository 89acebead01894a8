import {
  createTwoTierAdapter as createWithClock,
  type CacheAdapter,
  type TwoTierAdapterOptions as WithClock,
} from '@boost/core';

export type TwoTierAdapterOptions = Omit<WithClock, 'clock'>;

/**
 * A near store in front of a far one: the Cache API in front of KV. Epochs are written to and read from `l2` alone.
 *
 * @throws BoostError `BOOST_OPTION_INVALID` when a tier is missing, or `l1TTLRatio` is out of range
 */
export function createTwoTierAdapter(options: TwoTierAdapterOptions): CacheAdapter {
  return createWithClock({ ...options, clock: { now: () => Date.now() } });
}

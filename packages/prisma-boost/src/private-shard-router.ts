import { BoostError } from '@boost/core';

/**
 * Spreads a tenant over several objects. Not in this version: making one says so at once.
 *
 * @throws BoostError `BOOST_OPTION_INVALID`
 */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- what importers need is its name
export class PrivateShardRouter {
  constructor(_sharding: unknown) {
    throw new BoostError(
      'BOOST_OPTION_INVALID',
      'PrivateShardRouter is not in this version of prisma-boost: each tenant has one Durable Object, leave coordinator.sharding out',
      { details: { name: 'PrivateShardRouter' } },
    );
  }
}

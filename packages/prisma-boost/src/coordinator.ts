import { BoostError } from '@boost/core';

/**
 * The coordinator is not in this version. Importing it says so at once, so that no worker is deployed that would believe to have
 * one.
 *
 * @throws BoostError `BOOST_OPTION_INVALID`
 */
export const EpochCoordinator: never = notInThisVersion('EpochCoordinator');

export const PrivateShardRouter: never = notInThisVersion('PrivateShardRouter');

function notInThisVersion(name: string): never {
  throw new BoostError(
    'BOOST_OPTION_INVALID',
    `${name} is not in this version of prisma-boost: remove the import of prisma-boost/coordinator and its Durable Object binding, and use accountTier 'free'`,
    { details: { name } },
  );
}

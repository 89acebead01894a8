import { BoostError } from '../error.js';
import { digestOf } from '../key/digest.js';
import { STORE_FORMAT } from '../key/key.js';
import type { SpacedKey } from './space.js';

/** Longer names are hashed: the key has to fit into the 512 bytes of a KV key. */
const MAX_NAME_LENGTH = 250;
const PREFIX = /^[\x21-\x7e]{0,64}$/;
const PRINTABLE = /^[\x21-\x7e]*$/;

/**
 * Returns the prefix when the keys of a store can begin with it.
 *
 * @throws BoostError `BOOST_OPTION_INVALID`
 */
export function checkPrefix(prefix: string): string {
  if (typeof prefix === 'string' && PREFIX.test(prefix)) return prefix;
  throw new BoostError(
    'BOOST_OPTION_INVALID',
    `The key prefix ${JSON.stringify(prefix)} is not one: give at most 64 printable ASCII characters without blanks`,
    { details: { option: 'prefix' } },
  );
}

/**
 * The store's key of an epoch. The version of the deployment and the schema are no part of it: deployments side by side
 * invalidate each other's entries.
 */
export function epochKey(prefix: string, key: SpacedKey): string {
  const fits = key.length <= MAX_NAME_LENGTH && PRINTABLE.test(key);
  return `${prefix}${STORE_FORMAT}:e:${fits ? key : `~${digestOf(key)}`}`;
}

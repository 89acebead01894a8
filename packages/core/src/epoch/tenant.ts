import { exceedsUtf8 } from '../adapter/limits.js';
import { BoostError } from '../error.js';
import { hashText } from './hash.js';

const MAX_TENANT_BYTES = 64 * 1024;
/** Longer encodings are replaced by their hash: names have to fit into a KV key and a Durable Object's name. */
const MAX_NAME_LENGTH = 120;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Words that a tenant id is given by mistake, or that Boost uses for what belongs to no tenant. */
export const RESERVED_TENANTS: ReadonlySet<string> = new Set([
  'public',
  'shared',
  'null',
  'undefined',
  'NaN',
  '[object Object]',
]);

/**
 * Returns the tenant id when it can be one.
 *
 * @throws BoostError `BOOST_TENANT_INVALID` when it is empty, not a string, ill-formed UTF-16 or over 64 KiB;
 * `BOOST_TENANT_RESERVED` when it is a reserved word
 */
export function assertTenant(tenant: string): string {
  if (typeof tenant !== 'string' || tenant === '') {
    throw invalid('is empty or not a string');
  }
  if (LONE_SURROGATE.test(tenant)) throw invalid('is not well-formed UTF-16');
  if (exceedsUtf8(tenant, MAX_TENANT_BYTES)) throw invalid(`is longer than ${MAX_TENANT_BYTES} bytes`);
  if (!RESERVED_TENANTS.has(tenant)) return tenant;
  throw new BoostError(
    'BOOST_TENANT_RESERVED',
    `The tenant id ${JSON.stringify(tenant)} is a reserved word; prefix your ids, or use null to say that there is no tenant`,
  );
}

/**
 * The tenant as part of a name: letters, digits, `_`, `-` and percent-encoded bytes; long ids as `~` and a hash. Two ids never
 * share an encoding, and no encoding is a name that Boost uses for something else.
 */
export function encodeTenant(tenant: string): string {
  const encoded = encodeURIComponent(tenant).replace(/[.!~*'()]/g, percent);
  return encoded.length <= MAX_NAME_LENGTH ? encoded : `~${hashText(tenant)}`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function invalid(why: string): BoostError {
  return new BoostError('BOOST_TENANT_INVALID', `The tenant id ${why}; give a non-empty string`);
}

import { BoostError } from '../error.js';

/** Names that Boost needs for itself, in any case: the public space and its shards. */
const RESERVED = /^(public|system|global|shared|default|none|null|undefined)(-\d+)?$/i;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const MAX_ID_LENGTH = 65_536;

/**
 * Checks a tenant or user id that the application gave.
 *
 * @throws BoostError `BOOST_TENANT_INVALID` when empty, no text, ill-formed or longer than 65,536 characters; `BOOST_TENANT_RESERVED`
 */
export function checkId(kind: 'tenantId' | 'userId', id: unknown): string {
  if (typeof id !== 'string' || id === '' || id.length > MAX_ID_LENGTH || LONE_SURROGATE.test(id)) {
    throw new BoostError(
      'BOOST_TENANT_INVALID',
      `getPrivateContext returned a ${kind} that is empty, no text, not well-formed UTF-16 or longer than ${String(MAX_ID_LENGTH)} characters: return a stable id of the ${kind === 'tenantId' ? 'tenant' : 'user'}.`,
    );
  }
  if (kind === 'tenantId' && RESERVED.test(id)) {
    throw new BoostError(
      'BOOST_TENANT_RESERVED',
      `getPrivateContext returned a tenantId that is a reserved word ("${id}"): give the tenant another id, or null for no tenant.`,
      { details: { tenantId: id } },
    );
  }
  return id;
}

/// <reference lib="es2024.string" />
import { BoostError } from '../error.js';
import { digestOf } from './digest.js';

/** What a tenant's id may be: anything that a database holds as a key. */
const MAX_ID_CHARACTERS = 65_536;
/** Longer encodings are replaced by a digest: a KV key has 512 bytes for all its parts. */
const MAX_ENCODED_CHARACTERS = 100;

/** Names of what belongs to no tenant, and of its shards. */
const RESERVED_NAMES = /^(public(-up|-down)?|shared|none)(-\d+)?$/i;
/** What a forgotten value becomes when it is made a string: it would put everyone without an id into one tenant. */
const MISTAKES: ReadonlySet<string> = new Set(['undefined', 'null', 'NaN', '[object Object]']);

/**
 * Returns the tenant id when it can be one.
 *
 * @throws BoostError `BOOST_TENANT_INVALID` when it is no text, empty, longer than 65,536 characters or ill-formed UTF-16;
 *   `BOOST_TENANT_RESERVED` for `public`, `public-0`, `shared`, `none` in any case, and for `undefined`, `null`, `NaN`
 */
export function assertTenant(tenant: unknown): string {
  const id = assertId('tenantId', tenant);
  if (RESERVED_NAMES.test(id) || MISTAKES.has(id)) throw reserved('tenantId', id);
  return id;
}

/**
 * Returns the user id when it can be one. The names of shards are no concern of users.
 *
 * @throws BoostError `BOOST_TENANT_INVALID`, `BOOST_TENANT_RESERVED` for `undefined`, `null`, `NaN`
 */
export function assertUser(user: unknown): string {
  const id = assertId('userId', user);
  if (MISTAKES.has(id)) throw reserved('userId', id);
  return id;
}

/**
 * The tenant as part of a name: letters, digits, `_` and `-` as they are, every other byte of its UTF-8 as `~` and two
 * hexadecimal digits, a long one as `~~` and its SHA-256. No two ids share an encoding, in whatever Unicode form they are, and
 * none has a character that means something in a key, a URL or the name of a Durable Object.
 */
export function encodeTenant(tenant: string): string {
  const encoded = encodeURIComponent(tenant)
    .replace(/[.!~*'()]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)
    .replace(/%(..)/g, (_, digits: string) => `~${digits.toLowerCase()}`);
  return encoded.length <= MAX_ENCODED_CHARACTERS ? encoded : `~~${digestOf(tenant)}`;
}

function assertId(kind: 'tenantId' | 'userId', id: unknown): string {
  if (typeof id !== 'string') throw invalid(kind, `is not a string but of type ${typeof id}`);
  if (id === '') throw invalid(kind, 'is empty');
  if (id.length > MAX_ID_CHARACTERS) {
    throw invalid(kind, `has ${id.length} characters, more than ${MAX_ID_CHARACTERS}`);
  }
  if (!id.isWellFormed()) throw invalid(kind, 'is not well-formed UTF-16 (a lone surrogate)');
  return id;
}

function invalid(kind: 'tenantId' | 'userId', why: string): BoostError {
  return new BoostError(
    'BOOST_TENANT_INVALID',
    `The ${kind} of the private context ${why}: return a stable, non-empty id of the ${kind === 'tenantId' ? 'tenant, or null for no tenant' : 'user'}.`,
    { details: { kind } },
  );
}

function reserved(kind: 'tenantId' | 'userId', id: string): BoostError {
  return new BoostError(
    'BOOST_TENANT_RESERVED',
    `The ${kind} of the private context is the reserved word "${id}": prefix your ids${kind === 'tenantId' ? ', or return null for no tenant' : ''}.`,
    { details: { kind, id } },
  );
}

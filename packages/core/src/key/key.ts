import { canonicalText, givenText, textPart, wellFormed } from './canonical.js';
import { digestOf } from './digest.js';
import { Recent } from '../recent.js';
import { encodeTenant } from './tenant.js';

/** Version of stored keys and entries: packages of different versions read each other or miss. */
export const STORE_FORMAT = 'b1';

/** Longer names of models are replaced by a digest in keys. */
const MAX_MODEL_CHARACTERS = 100;
/** Longest text of a read whose key is remembered: what is longer lists values, and seldom the same ones twice. */
const MAX_REMEMBERED_CHARACTERS = 1000;
/** Keys by the text of the read as it was given, for all clients of the isolate: at most 1 MB. */
const recentKeys = new Recent<EntryKey>(500);

/** What all keys of a client have in common. */
export interface KeySpaceParts {
  /** The `version` option: another one starts with an empty cache. */
  readonly version: string;
  readonly schemaHash: string;
  /** Tells databases apart that share a store. */
  readonly databaseId: string;
}

export interface KeySpace {
  /** Injective text of the parts. */
  readonly text: string;
  /** What every store key of the space begins with; ends with `:`. */
  readonly prefix: string;
}

/** What decides the result of a read, within a space. */
export interface KeyParts {
  /** undefined: the application has no tenants; null: explicitly none. Checked by `assertTenant`. */
  readonly tenant: string | null | undefined;
  /** Present where the result is private to a user. */
  readonly user?: string | undefined;
  readonly model: string;
  readonly action: string;
  readonly args: unknown;
  /** Client-level `omit`. */
  readonly omit?: unknown;
  /** `needs` of the result extensions in force. */
  readonly needs?: unknown;
  /** What else decides the result and is not in the arguments: the result shape of a fluent call. */
  readonly variant?: readonly string[] | undefined;
}

export interface EntryKey {
  /** ASCII, at most 320 bytes: `b1:<space>:<tenant>:<Model>:<digest>`. */
  readonly storeKey: string;
  /** SHA-256 of everything that decides the result, in base64url. Repeated in the entry. */
  readonly digest: string;
  /** The tenant as the store key has it. Repeated in the entry. */
  readonly tenant: string;
}

/** @throws BoostError `BOOST_VALUE_UNSUPPORTED` for a part that is not well-formed UTF-16 */
export function createKeySpace(parts: KeySpaceParts): KeySpace {
  const { version, schemaHash, databaseId } = parts;
  const text = wellFormed(
    textPart(STORE_FORMAT) + textPart(version) + textPart(schemaHash) + textPart(databaseId),
  );
  return { text, prefix: `${STORE_FORMAT}:${digestOf(text).slice(0, 11)}:` };
}

/**
 * The key of a read: two reads share it only if they mean the same.
 *
 * Sorting and hashing take longer than all else that a hit in memory does, so the keys of recent reads are remembered by the
 * text of the read as it was given.
 *
 * @throws BoostError `BOOST_VALUE_UNSUPPORTED` where the arguments have no canonical text: the read cannot be cached
 */
export function makeKey(space: KeySpace, parts: KeyParts): EntryKey {
  const head = space.text + headText(parts);
  const given = head + givenText(parts.args);
  const remembered = recentKeys.get(given);
  if (remembered !== undefined) return remembered;
  const digest = digestOf(wellFormed(head) + canonicalText(parts.args));
  const tenant = tenantPart(parts.tenant);
  const prefix = entryPrefix(space, parts.tenant, parts.model);
  const key: EntryKey = { storeKey: prefix + digest, digest, tenant };
  if (given.length <= MAX_REMEMBERED_CHARACTERS) recentKeys.set(given, key);
  return key;
}

/**
 * Everything of a read but its space, as it was given: two reads with one text are the same, but not the other way round.
 *
 * @throws BoostError `BOOST_VALUE_UNSUPPORTED`
 */
export function readText(parts: KeyParts): string {
  return headText(parts) + givenText(parts.args);
}

/**
 * What the store keys of a tenant's entries begin with, of one model when it is given: for `list`. No other tenant's, and no
 * other model's, keys begin with it.
 */
export function entryPrefix(
  space: KeySpace,
  tenant: string | null | undefined,
  model?: string,
): string {
  const ofTenant = `${space.prefix}${tenantPart(tenant)}:`;
  return model === undefined ? ofTenant : `${ofTenant}${modelPart(model)}:`;
}

/** Everything but the arguments. */
function headText(parts: KeyParts): string {
  const { tenant, user, model, action, omit, needs, variant } = parts;
  const text = idPart(tenant) + idPart(user) + textPart(model) + textPart(action);
  if (omit === undefined && needs === undefined && variant === undefined) return `${text};`;
  return `${text}${canonicalText([omit ?? null, needs ?? null, variant ?? null])};`;
}

function idPart(id: string | null | undefined): string {
  if (id === undefined) return '-';
  return id === null ? '0' : `=${textPart(id)}`;
}

/** `~` alone and `~p…` are no encodings of an id: there a `~` is followed by two hexadecimal digits, or by another. */
function tenantPart(tenant: string | null | undefined): string {
  if (tenant === undefined) return '~';
  return tenant === null ? '~public' : encodeTenant(tenant);
}

function modelPart(model: string): string {
  return model.length <= MAX_MODEL_CHARACTERS ? model : `~~${digestOf(model)}`;
}

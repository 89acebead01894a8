import { hashText } from './hash.js';

/** Longer encodings are replaced by their hash: names have to fit into the key of a store. */
const MAX_NAME_LENGTH = 120;

/**
 * The tenant as part of a name: letters, digits, `_`, `-` and percent-encoded bytes; long ids as `~` and a hash. No encoding
 * is a name that Boost uses for something else, and two short ids never share one.
 *
 * @param tenant - well-formed UTF-16 (`checkId` sees to it)
 */
export function encodeTenant(tenant: string): string {
  const encoded = encodeURIComponent(tenant).replace(/[.!~*'()]/g, percent);
  return encoded.length <= MAX_NAME_LENGTH ? encoded : `~${hashText(tenant)}`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

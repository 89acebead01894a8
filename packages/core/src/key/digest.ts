import { base64 } from '../value/base64.js';
import { sha256 } from './sha-256.js';

/**
 * The SHA-256 of a text's UTF-8, as 43 characters of base64url.
 *
 * @param text well-formed UTF-16
 */
export function digestOf(text: string): string {
  return base64(sha256(text));
}

/** What stands for a scope where scopes travel and are kept in great number: an integer from 1 to 2^53 - 1. */
export type ScopeHash = number;

/** Many of them, as they travel and are stored. */
export type ScopeHashes = Float64Array;

/**
 * The hash of a scope and its space: 53 bits, part of the stored format. Two scopes that share one are invalidated together,
 * which costs a hit and nothing else, so that it need not withstand anyone who looks for such pairs.
 *
 * @see https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js (public domain)
 */
export function scopeHash(text: string): ScopeHash {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  // Zero marks what is empty in a table.
  return 0x1_0000_0000 * (b & 0x1f_ffff) + (a >>> 0) || 1;
}

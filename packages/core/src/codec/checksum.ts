const PRIME_EVEN = 0x01000193;
const PRIME_ODD = 0x85ebca6b;

/**
 * 64 bits over the UTF-16 units of a text from `start` on, in hexadecimal. Two lanes of FNV-1a's scheme, for the units at even and odd places:
 * each step maps a lane's state one to one, so that a change of a single unit always shows, and any other change with all but
 * certainty. No protection against someone who can write to the store.
 *
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function checksum(text: string, start = 0): string {
  let even = 0x811c9dc5 ^ (text.length - start);
  let odd = 0x1b873593;
  const last = text.length - 1;
  let index = start;
  for (; index < last; index += 2) {
    even = Math.imul(even ^ text.charCodeAt(index), PRIME_EVEN);
    odd = Math.imul(odd ^ text.charCodeAt(index + 1), PRIME_ODD);
  }
  if (index === last) even = Math.imul(even ^ text.charCodeAt(index), PRIME_EVEN);
  return hex(even) + hex(odd);
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0');
}

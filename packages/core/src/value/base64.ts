const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES: Uint8Array = new Uint8Array(128).fill(0xff);
for (let index = 0; index < DIGITS.length; index++) VALUES[DIGITS.charCodeAt(index)] = index;

/** The bytes of a view as unpadded base64url (RFC 4648, section 5): safe in keys, URLs and JSON. */
export function base64(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const bits =
      ((bytes[index] as number) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    text += DIGITS.charAt(bits >> 18) + DIGITS.charAt((bits >> 12) & 63);
    if (left > 1) text += DIGITS.charAt((bits >> 6) & 63);
    if (left > 2) text += DIGITS.charAt(bits & 63);
  }
  return text;
}

/**
 * The bytes that `base64` wrote.
 *
 * @throws SyntaxError on a text that it cannot have written
 */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((text.length * 3) >> 2);
  let bits = 0;
  let have = 0;
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const value = VALUES[text.charCodeAt(index)] ?? 0xff;
    if (value === 0xff) throw new SyntaxError('not base64url: a character outside of it');
    bits = (bits << 6) | value;
    have += 6;
    if (have >= 8) {
      have -= 8;
      bytes[at++] = (bits >> have) & 0xff;
    }
  }
  if (have === 6 || (bits & ((1 << have) - 1)) !== 0) {
    throw new SyntaxError('not base64url: it ends within a byte');
  }
  return bytes;
}

const BLOCK_BYTES = 64;
/** FIPS 180-4, section 4.2.2: the first 32 bits of the fractions of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS = new Int32Array(64);
/** FIPS 180-4, section 5.3.3: the same of the square roots of the first 8. */
const INITIAL_STATE: Int32Array<ArrayBuffer> = new Int32Array(8);

fillConstants();

/**
 * The 32 bytes of the SHA-256 (FIPS 180-4) of a text's UTF-8. Synchronous: see docs/decisions/0008-sha-256-in-javascript.md.
 *
 * @param text well-formed UTF-16
 */
export function sha256(text: string): Uint8Array<ArrayBuffer> {
  const end = pad(encode(text));
  const state = INITIAL_STATE.slice();
  for (let offset = 0; offset < end; offset += BLOCK_BYTES) compress(state, offset);
  const digest = new Uint8Array(32);
  for (let index = 0; index < 32; index++) {
    digest[index] = (state[index >> 2] as number) >>> (24 - 8 * (index & 3));
  }
  return digest;
}

/** The message of the call under way; grows and stays. Nothing is awaited between writing and reading it. */
let message = new Uint8Array(1024);
const schedule = new Int32Array(64);

/** Writes the message's bytes and returns how many they are. */
function encode(text: string): number {
  // Three bytes for each UTF-16 unit, and room for the padding.
  const room = text.length * 3 + 2 * BLOCK_BYTES;
  if (message.length < room) message = new Uint8Array(room * 2);
  const bytes = message;
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      bytes[at++] = unit;
    } else if (unit < 0x800) {
      bytes[at++] = 0xc0 | (unit >> 6);
      bytes[at++] = 0x80 | (unit & 63);
    } else if (unit < 0xd800 || unit > 0xdfff) {
      bytes[at++] = 0xe0 | (unit >> 12);
      bytes[at++] = 0x80 | ((unit >> 6) & 63);
      bytes[at++] = 0x80 | (unit & 63);
    } else {
      const point = 0x10000 + ((unit & 0x3ff) << 10) + (text.charCodeAt(++index) & 0x3ff);
      bytes[at++] = 0xf0 | (point >> 18);
      bytes[at++] = 0x80 | ((point >> 12) & 63);
      bytes[at++] = 0x80 | ((point >> 6) & 63);
      bytes[at++] = 0x80 | (point & 63);
    }
  }
  return at;
}

/** Ends the message with a one, zeros and its length in bits; returns its length in whole blocks. */
function pad(length: number): number {
  const end = (((length + 8) >> 6) + 1) * BLOCK_BYTES;
  message.fill(0, length, end);
  message[length] = 0x80;
  const bits = length * 8;
  for (let index = 0; index < 4; index++) message[end - 1 - index] = bits >>> (8 * index);
  return end;
}

function compress(state: Int32Array, offset: number): void {
  const w = schedule;
  const bytes = message;
  for (let t = 0, at = offset; t < 16; t++, at += 4) {
    w[t] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
  }
  for (let t = 16; t < 64; t++) {
    const a = w[t - 15] as number;
    const b = w[t - 2] as number;
    const sigma0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
    const sigma1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
    w[t] = ((w[t - 16] as number) + sigma0 + (w[t - 7] as number) + sigma1) | 0;
  }
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let t = 0; t < 64; t++) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + sum1 + choice + (ROUND_CONSTANTS[t] as number) + (w[t] as number)) | 0;
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + sum0 + majority) | 0;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
  state[5] = (state[5] as number) + f;
  state[6] = (state[6] as number) + g;
  state[7] = (state[7] as number) + h;
}

function fillConstants(): void {
  const fraction = (root: number): number => ((root - Math.floor(root)) * 2 ** 32) | 0;
  let found = 0;
  for (let candidate = 2; found < 64; candidate++) {
    let prime = true;
    for (let factor = 2; factor * factor <= candidate; factor++) {
      if (candidate % factor === 0) prime = false;
    }
    if (!prime) continue;
    if (found < 8) INITIAL_STATE[found] = fraction(Math.sqrt(candidate));
    ROUND_CONSTANTS[found] = fraction(Math.cbrt(candidate));
    found++;
  }
}

const encoder = new TextEncoder();

/**
 * 128 bits that stand for a text in the name of an epoch: MurmurHash3_x86_128 of its UTF-8, as 32 hexadecimal digits. Not
 * cryptographic, and need not be: two scopes under one epoch are invalidated together, which costs hits and nothing else.
 *
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 */
export function hashText(text: string): string {
  return murmur128(encoder.encode(text))
    .map((word) => (word >>> 0).toString(16).padStart(8, '0'))
    .join('');
}

const MULTIPLIERS = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93] as const;
const BLOCK_ROTATIONS = [15, 16, 17, 18] as const;
const STATE_ROTATIONS = [19, 17, 15, 13] as const;
const ADDENDS = [0x561ccd1b, 0x0bcaa747, 0x96cd1c35, 0x32ac3b17] as const;
const LANES = [0, 1, 2, 3] as const;

type Words = [number, number, number, number];

function murmur128(bytes: Uint8Array): Words {
  const state: Words = [0, 0, 0, 0];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = Math.floor(bytes.length / 16);
  for (let block = 0; block < blocks; block++) {
    for (const lane of LANES) {
      state[lane] ^= mixBlock(view.getUint32(block * 16 + lane * 4, true), lane);
      state[lane] = rotate(state[lane], STATE_ROTATIONS[lane]);
      state[lane] = (state[lane] + state[NEXT[lane]]) | 0;
      state[lane] = (Math.imul(state[lane], 5) + ADDENDS[lane]) | 0;
    }
  }
  const tail: Words = [0, 0, 0, 0];
  for (let i = blocks * 16; i < bytes.length; i++) {
    const offset = i & 15;
    const lane = (offset >> 2) as 0 | 1 | 2 | 3;
    tail[lane] |= (bytes[i] ?? 0) << ((offset & 3) * 8);
  }
  for (const lane of LANES) state[lane] ^= mixBlock(tail[lane], lane) ^ bytes.length;
  spread(state);
  for (const lane of LANES) state[lane] = avalanche(state[lane]);
  spread(state);
  return state;
}

const NEXT = [1, 2, 3, 0] as const;

function mixBlock(word: number, lane: 0 | 1 | 2 | 3): number {
  const mixed = rotate(Math.imul(word, MULTIPLIERS[lane]), BLOCK_ROTATIONS[lane]);
  return Math.imul(mixed, MULTIPLIERS[NEXT[lane]]);
}

function spread(state: Words): void {
  state[0] = (state[0] + state[1] + state[2] + state[3]) | 0;
  for (const lane of [1, 2, 3] as const) state[lane] = (state[lane] + state[0]) | 0;
}

function avalanche(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

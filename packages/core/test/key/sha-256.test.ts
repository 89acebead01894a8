import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { digestOf } from '../../src/key/digest.js';
import { wellFormedText } from './well-formed-text.js';
import { sha256 } from '../../src/key/sha-256.js';

const reference = (text: string): string => createHash('sha256').update(text).digest('hex');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

it('gives the examples of FIPS 180-4', () => {
  expect(hex(sha256('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  expect(hex(sha256(''))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

it('agrees with the platform at every length around the blocks', () => {
  for (let length = 0; length <= 300; length++) {
    const text = 'x'.repeat(length);
    expect(hex(sha256(text))).toBe(reference(text));
  }
});

it('agrees with the platform on any well-formed text', () => {
  fc.assert(
    fc.property(wellFormedText(80), (text) => {
      expect(hex(sha256(text))).toBe(reference(text));
      expect(digestOf(text)).toBe(createHash('sha256').update(text).digest('base64url'));
    }),
  );
});

it('agrees on texts longer than its buffer, and on short ones after them', () => {
  const long = 'é😀'.repeat(20_000);
  expect(hex(sha256(long))).toBe(reference(long));
  expect(hex(sha256('a'))).toBe(reference('a'));
});

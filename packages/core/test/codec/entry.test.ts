import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeResult } from '../../src/codec/encoded-result.js';
import { decodeEntry, sealEntry, type EntryHead, type NoEntry } from '../../src/codec/entry.js';
import { PRISMA_CLASSES } from '../value/prisma-classes.js';
import { resultOf } from './result-arbitrary.js';
import { expectSameButApart } from './same-value.js';

const head: EntryHead = {
  digest: 'd'.repeat(43),
  tenant: 'acme',
  stamp: [['Post!', 'nonce'], 17],
  times: { startMs: 1_700_000_000_000, endMs: 1_700_000_000_005 },
  freshUntilMs: 1_700_000_060_000,
  staleUntilMs: 1_700_000_090_000,
};

const rows = [
  { id: 1, title: 'Émile 😀', at: new Date(5), big: 2n ** 60n, bytes: new Uint8Array([1, 255]) },
  { id: 2, title: null, at: null, big: null, bytes: null },
];

function seal(value: unknown, given: EntryHead = head): string {
  return sealEntry(given, encodeResult(value));
}

function reasonOf(text: string): NoEntry['reason'] | 'entry' {
  const decoded = decodeEntry(text, head);
  return decoded.kind === 'entry' ? 'entry' : decoded.reason;
}

/** The text that a store gives back for these bytes, were they text or not. */
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('an entry', () => {
  it('gives back what it was sealed with', () => {
    for (const scopes of [undefined, ['Post!', 'Post:1#title']]) {
      const given = scopes === undefined ? head : { ...head, scopes };
      const entry = decodeEntry(seal(rows, given), head);
      expect(entry).toMatchObject({ kind: 'entry', ...given });
      expect('scopes' in entry).toBe(scopes !== undefined);
    }
  });

  it.each(PRISMA_CLASSES)('gives back any result of Prisma $version', (prisma) => {
    fc.assert(
      fc.property(resultOf(prisma), (original) => {
        const entry = decodeEntry(seal(original), head);
        if (entry.kind === 'none') throw new Error(entry.reason);
        expectSameButApart(entry.result(prisma.resultDecimal), original);
      }),
    );
  });

  it.each([
    ['rows', rows],
    ['a text', 'a'],
    ['a text one longer', 'ab'],
  ])('is none where a bit is flipped, whichever it is: %s', (_, original) => {
    const bytes = new TextEncoder().encode(seal(original));
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(reasonOf(textOf(flipped)), `bit ${bit}`).not.toBe('entry');
    }
  });

  it('is none with a flipped bit in any result', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PRISMA_CLASSES).chain(resultOf),
        fc.nat(),
        (original, seed) => {
          const bytes = new TextEncoder().encode(seal(original));
          const bit = seed % (bytes.length * 8);
          bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
          expect(reasonOf(textOf(bytes))).not.toBe('entry');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is none when it was cut, wherever, or something was added', () => {
    const text = seal(rows);
    for (let length = 0; length < text.length; length++) {
      expect(reasonOf(text.slice(0, length))).not.toBe('entry');
    }
    expect(reasonOf(`${text} `)).toBe('damaged');
    expect(reasonOf(` ${text}`)).toBe('format');
  });

  it('is none when units changed places or were overwritten', () => {
    const text = seal(rows);
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat({ max: 40 }), (from, to, length) => {
        const source = from % text.length;
        const target = to % text.length;
        const piece = text.slice(source, source + length);
        const torn = text.slice(0, target) + piece + text.slice(target + piece.length);
        expect(reasonOf(torn) === 'entry').toBe(torn === text);
      }),
      { numRuns: 1000 },
    );
  });

  it('is none of another format', () => {
    const text = seal(rows);
    expect(reasonOf(text.replace(/^b1/, 'b2'))).toBe('format');
    expect(reasonOf(text.replace(/^b1/, 'b10'))).toBe('format');
    for (const foreign of ['', '{}', 'null', '[1]', 'b1', 'b1 ', `b1 ${'0'.repeat(16)}\n`]) {
      expect(reasonOf(foreign)).not.toBe('entry');
    }
  });

  it('is none of another read, or of another tenant with the same digest', () => {
    expect(reasonOf(seal(rows, { ...head, digest: 'e'.repeat(43) }))).toBe('foreign');
    expect(reasonOf(seal(rows, { ...head, tenant: 'acm' }))).toBe('foreign');
    expect(reasonOf(seal(rows, { ...head, tenant: '~' }))).toBe('foreign');
  });

  it('is well-formed text whatever the result holds', () => {
    expect(seal({ text: '\ud800', '\udfff': 1 }).isWellFormed()).toBe(true);
  });
});

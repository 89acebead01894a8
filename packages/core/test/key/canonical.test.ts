import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBoostError } from '../../src/error.js';
import { canonicalText, givenText } from '../../src/key/canonical.js';
import { PRISMA_CLASSES } from '../value/prisma-classes.js';
import { argumentValue, meaningOf, objectOf, type Meaning } from './argument-arbitrary.js';

/** Reads a canonical text back: what can be read back in one way only stands for one thing only. */
function readCanonical(text: string): Meaning {
  let at = 0;
  const until = (mark: string): string => {
    const end = text.indexOf(mark, at);
    const part = text.slice(at, end);
    at = end + 1;
    return part;
  };
  const part = (): string => {
    const length = Number(until(':'));
    at += length;
    return text.slice(at - length, at);
  };
  const value = (): Meaning => {
    const mark = text[at++];
    switch (mark) {
      case 'n':
        return ['null'];
      case 't':
      case 'f':
        return ['boolean', mark === 't'];
      case '"':
        return ['string', part()];
      case 'N':
        return ['number', until(';')];
      case 'I':
        return ['bigint', until(';')];
      case 'D':
        return ['decimal', until(';')];
      case 'T':
        return ['date', until(';')];
      case 'B':
        return ['bytes', until(';')];
      case 'd':
        return ['dbNull'];
      case 'j':
        return ['jsonNull'];
      case 'a':
        return ['anyNull'];
      case 'R':
        return ['fieldRef', part(), part()];
      case '[': {
        const items: Meaning[] = [];
        while (text[at] !== ']') items.push(value());
        at++;
        return ['array', items];
      }
      case '{': {
        const properties: unknown[] = [];
        while (text[at] !== '}') properties.push([part(), value()]);
        at++;
        return ['object', properties];
      }
      default:
        throw new Error(`unexpected ${String(mark)} in ${text}`);
    }
  };
  const read = value();
  expect(at).toBe(text.length);
  return read;
}

const isUnsupported = (call: () => unknown): boolean => {
  try {
    call();
    return false;
  } catch (error) {
    if (isBoostError(error, 'BOOST_VALUE_UNSUPPORTED')) return true;
    throw error;
  }
};

describe('canonicalText', () => {
  it('can be read back, so that no two meanings share a text', () => {
    fc.assert(
      fc.property(argumentValue, (value) => {
        expect(readCanonical(canonicalText(value))).toEqual(meaningOf(value));
      }),
      { numRuns: 3000 },
    );
  });

  it('is the same for two values exactly when they mean the same', () => {
    fc.assert(
      fc.property(argumentValue, argumentValue, (a, b) => {
        const same = JSON.stringify(meaningOf(a)) === JSON.stringify(meaningOf(b));
        expect(canonicalText(a) === canonicalText(b)).toBe(same);
        if (!same) expect(givenText(a)).not.toBe(givenText(b));
      }),
      { numRuns: 3000 },
    );
  });

  it('does not depend on the order of properties, nor on absent ones', () => {
    const a = { where: { id: 1, name: 'x', none: undefined }, take: 5 };
    const b = { take: 5, skip: undefined, where: { name: 'x', id: 1 } };
    expect(canonicalText(a)).toBe(canonicalText(b));
    expect(givenText(a)).not.toBe(givenText(b));
  });

  it.each(PRISMA_CLASSES)('takes Prisma.skip of version $version for absent', ({ skip }) => {
    expect(canonicalText({ where: { id: 1, name: skip } })).toBe(
      canonicalText({ where: { id: 1 } }),
    );
  });

  // SQLite stores and compares Json as text: { a, b } and { b, a } find other rows.
  it.each(['equals', 'not', 'array_contains', 'has'])(
    'lossy canonicalisation: keeps the order of properties in the Json of `%s`',
    (operator) => {
      const filter = (json: unknown): unknown => ({ where: { meta: { [operator]: json } } });
      const ab = canonicalText(filter({ a: 1, deep: [{ x: 1, y: 2 }] }));
      expect(canonicalText(filter({ deep: [{ x: 1, y: 2 }], a: 1 }))).not.toBe(ab);
      expect(canonicalText(filter({ a: 1, deep: [{ y: 2, x: 1 }] }))).not.toBe(ab);
      expect(canonicalText(filter({ a: 1, deep: [{ x: 1, y: 2 }] }))).toBe(ab);
    },
  );

  it('lossy canonicalisation: tells apart what JSON.stringify makes the same', () => {
    for (const { DbNull, JsonNull, AnyNull, Decimal, fieldRef } of PRISMA_CLASSES) {
      const lookAlikes: unknown[] = [
        DbNull,
        JsonNull,
        AnyNull,
        {},
        null,
        'null',
        1,
        1n,
        '1',
        true,
        new Decimal(1),
        [1],
        { '0': 1 },
        Number.NaN,
        Infinity,
        0,
        -0,
        new Date(0),
        '1970-01-01T00:00:00.000Z',
        new Uint8Array([1]),
        { ...(fieldRef as object) },
        fieldRef,
      ];
      const texts = new Set(
        lookAlikes.map((equals) => canonicalText({ where: { x: { equals } } })),
      );
      expect(texts.size).toBe(lookAlikes.length);
    }
  });

  it('takes an own `__proto__` for a property like any other', () => {
    const plain = canonicalText({ a: 1 });
    const own = canonicalText(
      objectOf([
        ['a', 1],
        ['__proto__', { b: 2 }],
      ]),
    );
    expect(own).not.toBe(plain);
    expect(own).toContain('__proto__');
  });

  it('takes bytes of a view, a Buffer and a Uint8Array for the same', () => {
    const bytes = new Uint8Array([0, 1, 2, 3]);
    expect(canonicalText(bytes.subarray(1, 3))).toBe(canonicalText(Buffer.from([1, 2])));
  });

  it('keeps Unicode forms apart', () => {
    expect(canonicalText('é')).not.toBe(canonicalText('e\u0301'));
  });

  const cycle: unknown[] = [];
  cycle.push({ again: cycle });

  it.each([
    ['a lone surrogate', { name: 'a\ud800' }],
    ['a lone surrogate in a name', { 'a\udc00': 1 }],
    ['a pair of surrogates in two texts', ['\ud83d', '\ude00']],
    ['a function', { where: () => 1 }],
    ['a symbol', { where: Symbol('a') }],
    ['an instance of a foreign class', { where: new Map() }],
    ['inherited properties', Object.create({ where: { id: 1 } })],
    ['an invalid date', { date: new Date(Number.NaN) }],
    ['undefined in a list', { in: [1, undefined] }],
    ['a hole in a list', { in: new Array(2) }],
    ['a cycle', cycle],
  ])('refuses %s', (_, value) => {
    expect(isUnsupported(() => canonicalText(value))).toBe(true);
  });

  it.each(PRISMA_CLASSES)('refuses a DbNull of version $version that Prisma refuses', (prisma) => {
    expect(isUnsupported(() => canonicalText({ equals: prisma.otherDbNull }))).toBe(true);
    expect(isUnsupported(() => canonicalText({ in: [prisma.skip] }))).toBe(true);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EncodedResult, encodeResult } from '../../src/codec/encoded-result.js';
import { shapeOf } from '../../src/codec/shape.js';
import { isBoostError } from '../../src/error.js';
import { PRISMA_CLASSES } from '../value/prisma-classes.js';
import { anyResult, rows } from './result-arbitrary.js';
import { expectSameButApart } from './same-value.js';

const [prisma] = PRISMA_CLASSES as [(typeof PRISMA_CLASSES)[number]];
const { resultDecimal } = prisma;

describe.each(PRISMA_CLASSES)('a result of Prisma $version', (classes) => {
  it.each([
    ['any value', 500, anyResult(classes)],
    ['rows', 150, rows(classes)],
  ])('comes back as it was, to every caller apart: %s', (_, numRuns, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (original) => {
        const { shape, payload } = encodeResult(original);
        // As it is read from a store: shape and payload went through text.
        const encoded = new EncodedResult(
          JSON.parse(JSON.stringify(shape)) as typeof shape,
          payload,
        );
        const copies = Array.from({ length: 4 }, () => encoded.decode(classes.resultDecimal));
        for (const copy of copies) expectSameButApart(copy, original);
        copies.forEach((copy, index) => {
          for (const other of copies.slice(0, index)) expectSameButApart(copy, other);
        });
      }),
      { numRuns },
    );
  });

  it('has Decimals of the class that Prisma returns', () => {
    const original = { price: classes.resultDecimal('12.50') };
    const copy = encodeResult(original).decode(classes.resultDecimal) as typeof original;
    expect(copy.price).toBeInstanceOf(classes.Decimal);
    expect(copy.price).not.toBe(original.price);
  });
});

describe('a result', () => {
  it('dates become strings (prisma-redis-middleware#382): a Date comes back as a Date', () => {
    const at = new Date('2024-02-29T12:00:00.123Z');
    const original = [{ id: 1, at, comments: [{ at }, { at: null }] }];
    expect(encodeResult(original).decode(resultDecimal)).toEqual(original);
  });

  it('keeps text that looks like a date, a number or a tag', () => {
    const original = { a: '2024-02-29T12:00:00.123Z', b: '12', c: ['d', 0], d: { $type: 'Date' } };
    const { shape, payload } = encodeResult(original);
    expect(shape).toBe(0);
    expect(payload).toBe(JSON.stringify(original));
  });

  it('aliasing of one shared result object: what one caller changes, no other sees', () => {
    const original = [{ id: 1, at: new Date(0), tags: ['a'], bytes: new Uint8Array([1]) }];
    const encoded = encodeResult(original);
    for (let caller = 0; caller < 4; caller++) {
      const mine = encoded.decode(resultDecimal) as typeof original;
      expect(mine).toEqual(original);
      const [row] = mine as [(typeof original)[number]];
      row.id = 2;
      row.at.setTime(1);
      row.tags.push('b');
      row.bytes[0] = 9;
      mine.push(row);
    }
  });

  it('is encoded before its caller can change it', () => {
    const original = [{ id: 1, tags: ['a'] }];
    const encoded = encodeResult(original);
    original[0]?.tags.push('b');
    expect(encoded.decode(resultDecimal)).toEqual([{ id: 1, tags: ['a'] }]);
  });

  it('has one shape for all rows, in which columns without special values do not appear', () => {
    const list = [
      { id: 1, at: null, score: 1, author: { name: 'a', born: new Date(0) }, comments: [] },
      { id: 2, at: new Date(0), score: -0, author: null, comments: [{ at: new Date(1), n: 1n }] },
    ];
    expect(shapeOf(list)).toEqual([
      { at: 'd', score: 'f', author: { born: 'd' }, comments: [{ at: 'd', n: 'n' }] },
    ]);
    expect(JSON.parse(encodeResult(list).payload)).toMatchObject([
      { at: null, score: 1 },
      { at: 0, score: '-0', comments: [{ at: 1, n: '1' }] },
    ]);
  });

  it('lets every value tell itself where values of several kinds share a path', () => {
    const original = { json: [new Date(0), 'text', { a: 1n }, [Number.NaN, null], true] };
    expect(shapeOf(original)).toEqual({ json: ['x'] });
    expectSameButApart(encodeResult(original).decode(resultDecimal), original);
  });

  it('keeps Json documents that are lists in some rows and objects in others', () => {
    const original = [
      { json: ['1', 'a'] },
      { json: { a: [-0], '0': -0 } },
      { json: 'text' },
      { json: null },
    ];
    expectSameButApart(encodeResult(original).decode(resultDecimal), original);
    expectSameButApart(
      encodeResult([...original].reverse()).decode(resultDecimal),
      [...original].reverse(),
    );
  });

  it('may be null or a number', () => {
    for (const original of [null, 0, -0, 12, [], {}]) {
      expectSameButApart(encodeResult(original).decode(resultDecimal), original);
    }
  });

  const deep = (levels: number): unknown => {
    let value: unknown = 1;
    for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { value };
    return value;
  };

  it('may be 400 levels deep', () => {
    expectSameButApart(encodeResult(deep(400)).decode(resultDecimal), deep(400));
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);

  it.each([
    ['undefined', undefined],
    ['an undefined property', { a: undefined }],
    ['a hole', [1, , 2]], // eslint-disable-line no-sparse-arrays -- the hole is the case
    ['a function', { compute: () => 1 }],
    ['a symbol', { a: Symbol('a') }],
    ['an invalid date', { at: new Date(Number.NaN) }],
    ['a subclass of Date', { at: new (class extends Date {})(0) }],
    ['a Buffer', { bytes: Buffer.from('a') }],
    ['an instance of a foreign class', { map: new Map() }],
    ['what only looks like a Decimal', { price: { s: 1, e: 0, d: [1], toFixed: () => '1' } }],
    ['an object without prototype', Object.create(null)],
    ['a cycle', cycle],
    ['600 levels', deep(600)],
  ])('is not cached when it is or has %s', (_, original) => {
    expect(() => encodeResult(original)).toThrow(
      expect.toSatisfy((error: unknown) => isBoostError(error, 'BOOST_VALUE_UNSUPPORTED')),
    );
  });
});

import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { isPlainObject, valueKind } from '../../src/value/value-kind.js';
import { PRISMA_CLASSES } from './prisma-classes.js';

describe.each(PRISMA_CLASSES)('valueKind of the classes of Prisma $version', (prisma) => {
  it('tells the null types apart', () => {
    expect(valueKind(prisma.DbNull)).toBe('dbNull');
    expect(valueKind(prisma.JsonNull)).toBe('jsonNull');
    expect(valueKind(prisma.AnyNull)).toBe('anyNull');
  });

  it('does not take an instance that Prisma refuses for its DbNull', () => {
    expect(valueKind(prisma.otherDbNull)).toBe('unsupported');
  });

  it('knows a field reference', () => {
    expect(valueKind(prisma.fieldRef)).toBe('fieldRef');
    expect(prisma.fieldRef).toMatchObject({ modelName: 'Post', name: 'likes' });
  });

  it('knows Prisma.skip', () => {
    expect(valueKind(prisma.skip)).toBe('skip');
  });

  it.each(['1.50', '-0', '1e9000', 'NaN', 'Infinity'])('knows the Decimal %s', (text) => {
    expect(valueKind(new prisma.Decimal(text))).toBe('decimal');
    expect(valueKind(prisma.resultDecimal(text))).toBe('decimal');
  });

  it('knows values in the arguments that an extension gets', async () => {
    const decimalLike = { s: 1, e: 0, d: [2], toFixed: () => '2' };
    const where = {
      ref: prisma.fieldRef,
      none: prisma.DbNull,
      decimal: decimalLike,
      date: new Date(0),
      bytes: Buffer.from('abc'),
      nested: { list: [1n, 'text'] },
    };
    const seen = (await prisma.argumentsInExtension({ where })) as { readonly where: object };
    const kinds = Object.entries(seen.where).map(([name, value]) => [name, valueKind(value)]);
    expect(Object.fromEntries(kinds)).toEqual({
      ref: 'fieldRef',
      none: 'dbNull',
      decimal: 'decimal',
      date: 'date',
      bytes: 'bytes',
      nested: 'object',
    });
  });
});

describe('valueKind', () => {
  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [false, 'boolean'],
    [Number.NaN, 'number'],
    ['', 'string'],
    [0n, 'bigint'],
    [new Date(Number.NaN), 'date'],
    [new Uint8Array(1), 'bytes'],
    [Buffer.from('a'), 'bytes'],
    [new DataView(new ArrayBuffer(1)), 'bytes'],
    [[], 'array'],
    [{}, 'object'],
    [Object.create(null), 'object'],
    [{ modelName: 'Post', name: 'likes', typeName: 'Int' }, 'object'],
    [() => 1, 'unsupported'],
    [Symbol('a'), 'unsupported'],
    [new Map(), 'unsupported'],
    [
      new (class Row {
        readonly id = 1;
      })(),
      'unsupported',
    ],
    [Object.create({ where: {} }), 'unsupported'],
    [Promise.resolve(), 'unsupported'],
  ])('%s is %s', (value, kind) => {
    expect(valueKind(value)).toBe(kind);
  });

  it('knows values of another realm', () => {
    const foreign = runInNewContext(
      '[{ a: 1 }, new Date(0), new Uint8Array(1), [], new Map()]',
    ) as unknown[];
    expect(foreign.map(valueKind)).toEqual(['object', 'date', 'bytes', 'array', 'unsupported']);
    expect(foreign.map(isPlainObject)).toEqual([true, false, false, false, false]);
  });
});

import { describe, expect, it } from 'vitest';
import { isPartitionable, partitionValue } from '../../src/schema/partitionable.js';
import type { Provider, ScalarField } from '../../src/schema/schema.js';

const field = (type: ScalarField['type'], more: Partial<ScalarField> = {}): ScalarField => ({
  kind: 'scalar',
  name: 'f',
  dbName: 'f',
  type,
  list: false,
  nullable: true,
  updatedAt: false,
  selectable: true,
  default: { kind: 'none' },
  ...more,
});
const on = (provider: Provider) => ({ provider });

describe('equality as the database defines it', () => {
  it('takes values for one where the database does', () => {
    expect(partitionValue(on('postgresql'), field('Int'), 7)).toBe(
      partitionValue(on('postgresql'), field('BigInt'), 7n),
    );
    const uuid = field('String', { nativeType: 'Uuid' });
    expect(partitionValue(on('postgresql'), uuid, 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11')).toBe(
      partitionValue(on('postgresql'), uuid, '{a0eebc999c0b4ef8bb6d6bb9bd380a11}'),
    );
    const at = new Date('2026-01-01T00:00:00.120Z');
    expect(partitionValue(on('sqlite'), field('DateTime'), at)).toBe(
      partitionValue(on('sqlite'), field('DateTime'), '2026-01-01T00:00:00.12Z'),
    );
  });

  it('reads the defaults that the schema gives as text', () => {
    expect(partitionValue(on('sqlite'), field('BigInt'), '-9007199254740993')).toBe(
      partitionValue(on('sqlite'), field('BigInt'), -9007199254740993n),
    );
    expect(partitionValue(on('sqlite'), field('DateTime'), '2020-01-01T00:00:00+00:00')).toBe(
      partitionValue(on('sqlite'), field('DateTime'), new Date('2020-01-01T00:00:00Z')),
    );
    expect(partitionValue(on('sqlite'), field('Int'), -0)).toBe('0');
  });

  it('takes an ObjectId for the same in either case', () => {
    const id = field('String', { nativeType: 'ObjectId' });
    expect(partitionValue(on('mongodb'), id, '507F1F77BCF86CD799439011')).toBe(
      partitionValue(on('mongodb'), id, '507f1f77bcf86cd799439011'),
    );
  });

  it('keeps whole surrogate pairs', () => {
    expect(partitionValue(on('sqlite'), field('String'), '\u{1f600}')).toBe('"\u{1f600}"');
  });

  it.each<[string, Provider, ScalarField]>([
    ['text on MySQL', 'mysql', field('String')],
    ['text on SQL Server', 'sqlserver', field('String')],
    ['citext', 'postgresql', field('String', { nativeType: 'Citext' })],
    ['char(n), which pads', 'postgresql', field('String', { nativeType: 'Char(2)' })],
    ['timestamp(n), which rounds', 'postgresql', field('DateTime', { nativeType: 'Timestamp(0)' })],
    ['dates without time', 'postgresql', field('DateTime', { nativeType: 'Date' })],
    ['floats', 'postgresql', field('Float')],
    ['decimals', 'postgresql', field('Decimal')],
    ['JSON', 'postgresql', field('Json')],
    ['lists', 'postgresql', field('String', { list: true })],
    ['what the client cannot see', 'postgresql', field('Int', { selectable: false })],
  ])('leaves %s to the coarser scope', (_, provider, value) => {
    expect(isPartitionable(on(provider), value)).toBe(false);
  });

  it.each([
    ['a float where an integer belongs', field('Int'), 1.5],
    ['text that varchar(n) would cut', field('String', { nativeType: 'VarChar(3)' }), 'abc  '],
    ['an update operation', field('Int'), { increment: 1 }],
    ['no uuid', field('String', { nativeType: 'Uuid' }), 'x'],
    ['ill-formed UTF-16', field('String'), 'a\ud800'],
    ['a number that is no integer any more', field('BigInt'), 2 ** 53],
    ['digits with a leading zero', field('BigInt'), '007'],
    ['a date of another zone', field('DateTime'), '2026-01-01T00:00:00+02:00'],
    ['a date with microseconds', field('DateTime'), '2026-01-01T00:00:00.123456Z'],
    ['no ObjectId', field('String', { nativeType: 'ObjectId' }), 'x'],
    ['an invalid date', field('DateTime'), new Date(Number.NaN)],
  ])('has no text for %s', (_, type, value) => {
    expect(partitionValue(on('postgresql'), type, value)).toBeUndefined();
  });

  it('tells null from text', () => {
    expect(partitionValue(on('sqlite'), field('String'), null)).not.toBe(
      partitionValue(on('sqlite'), field('String'), 'null'),
    );
  });
});

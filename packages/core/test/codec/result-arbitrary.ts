import fc from 'fast-check';
import type { PrismaClasses } from '../value/prisma-classes.js';
import { objectOf } from '../key/argument-arbitrary.js';
import { wellFormedText } from '../key/well-formed-text.js';

/** Names that mean something to JavaScript or to the codec, and few enough that rows share them. */
const name = fc.oneof(
  fc.constantFrom('id', 'a', 'b', 'createdAt', '__proto__', 'constructor', 'toString', 'toJSON'),
  fc.constantFrom('0', '10', '$', 'd', 'length', 'é', '\u2028', '\ud800'),
);

const text = fc.oneof(
  fc.constantFrom('', 'd', '2020-01-01T00:00:00.000Z', '1', '-0', 'NaN', '\n', '\u2028', '\ud800'),
  wellFormedText(8),
);

const number = fc.oneof(
  fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE, 1e21),
  fc.double(),
  fc.integer(),
);

const date = fc.oneof(
  fc.constantFrom(0, -1, -8.64e15, 8.64e15, 253402300800000).map((time) => new Date(time)),
  fc.date({ noInvalidDate: true }),
);

const bigint = fc.oneof(fc.constantFrom(0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)), fc.bigInt());

const decimalText = fc.oneof(
  fc.constantFrom('0', '-0', 'NaN', 'Infinity', '-Infinity', '1.50', '1e-7', '1e21', '1e9000'),
  fc
    .tuple(fc.bigInt(), fc.integer({ min: -40, max: 40 }))
    .map(([digits, exponent]) => `${String(digits)}e${String(exponent)}`),
);

function leafOf({ resultDecimal }: PrismaClasses): fc.Arbitrary<unknown> {
  return fc.oneof(
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    bigint,
    date,
    decimalText.map(resultDecimal),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => new Uint8Array(bytes)),
  );
}

/** Whatever a result can hold, of any shape and nested. */
export function anyResult(prisma: PrismaClasses): fc.Arbitrary<unknown> {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      leafOf(prisma),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map(objectOf),
    ),
  }));
  return value;
}

/** Rows as a query returns them: each column of one type, nullable, with children and Json documents. */
export function rows(prisma: PrismaClasses): fc.Arbitrary<unknown> {
  const nullable = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 3, arbitrary: values }, fc.constant(null));
  const columns = {
    id: fc.integer(),
    title: text,
    score: nullable(number),
    big: nullable(bigint),
    at: nullable(date),
    price: nullable(decimalText.map(prisma.resultDecimal)),
    bytes: nullable(fc.uint8Array({ maxLength: 5 }).map((bytes) => new Uint8Array(bytes))),
    dates: fc.array(date, { maxLength: 2 }),
    json: nullable(fc.jsonValue()),
  };
  const child = fc.record(columns, { noNullPrototype: true });
  const row = fc.record(
    { ...columns, author: nullable(child), children: fc.array(child, { maxLength: 3 }) },
    { noNullPrototype: true },
  );
  return fc.array(row, { maxLength: 4 });
}

/** Of either kind. */
export function resultOf(prisma: PrismaClasses): fc.Arbitrary<unknown> {
  return fc.oneof(anyResult(prisma), rows(prisma));
}

import fc from 'fast-check';
import { valueKind, type DecimalLike, type FieldReference } from '../../src/value/value-kind.js';
import { wellFormedText } from './well-formed-text.js';
import { PRISMA_CLASSES, type PrismaClasses } from '../value/prisma-classes.js';

/** Texts that could be taken for the marks of a canonical text, and few enough that the same one comes twice. */
const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'b',
    'a"',
    '1:a',
    '0:',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    ';',
    'n',
    't',
    'N1;',
  ),
  fc.constantFrom('__proto__', 'constructor', 'é', 'e\u0301', '😀', '\u0000', '10', '1'),
  wellFormedText(3),
);

const number = fc.constantFrom(0, -0, 1, -1, 1.5, 1e21, Number.NaN, Infinity, -Infinity, 2 ** 53);

function leafOf(prisma: PrismaClasses): fc.Arbitrary<unknown> {
  return fc.oneof(
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(0n, 1n, -1n, 2n ** 70n),
    fc.constantFrom(0, 1, 1e12).map((time) => new Date(time)),
    fc.constantFrom('0', '1', '1.50', '1e30').map((digits) => new prisma.Decimal(digits)),
    fc.uint8Array({ maxLength: 3 }),
    fc.constantFrom(prisma.DbNull, prisma.JsonNull, prisma.AnyNull, prisma.fieldRef),
  );
}

/** Arguments with values of all kinds, nested; properties may be undefined or `Prisma.skip`. */
export const argumentValue: fc.Arbitrary<unknown> = fc
  .constantFrom(...PRISMA_CLASSES)
  .chain((prisma) => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leafOf(prisma),
        fc.array(tie('value'), { maxLength: 3 }),
        fc
          .array(fc.tuple(text, fc.oneof({ weight: 5, arbitrary: tie('value') }, absent(prisma))), {
            maxLength: 4,
          })
          .map(objectOf),
      ),
    }));
    return value;
  });

function absent(prisma: PrismaClasses): fc.Arbitrary<unknown> {
  return fc.constantFrom(undefined, prisma.skip);
}

/** An object with these own properties, whatever they are called. */
export function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  const object = {};
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return object;
}

/** What a value means, as a tree of tagged lists: an independent statement of what the canonical text stands for. */
export type Meaning = readonly [kind: string, ...parts: unknown[]];

export function meaningOf(value: unknown): Meaning | null {
  const kind = valueKind(value);
  switch (kind) {
    case 'undefined':
    case 'skip':
      return null;
    case 'array':
      return ['array', (value as unknown[]).map(meaningOf)];
    case 'object':
      return [
        'object',
        Object.entries(value as object)
          .map(([name, property]) => [name, meaningOf(property)] as const)
          .filter(([, meaning]) => meaning !== null)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ];
    case 'number':
      return ['number', Object.is(value, -0) ? '-0' : String(value)];
    case 'string':
      return ['string', value];
    case 'boolean':
      return ['boolean', value];
    case 'bigint':
      return ['bigint', String(value)];
    case 'date':
      return ['date', String((value as Date).getTime())];
    case 'decimal':
      return ['decimal', (value as DecimalLike).toFixed()];
    case 'bytes':
      return ['bytes', Buffer.from(value as Uint8Array).toString('base64url')];
    case 'fieldRef': {
      const { modelName, name } = value as FieldReference;
      return ['fieldRef', modelName, name];
    }
    default:
      return [kind];
  }
}

import fc from 'fast-check';

/** Any code point that has UTF-8. (fast-check's `binary` unit takes a second to set up.) */
const codePoint = fc
  .oneof(
    fc.integer({ min: 0, max: 0xff }),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map((point) => String.fromCodePoint(point));

/** Well-formed UTF-16 of all planes; lengths in code points. */
export function wellFormedText(maxLength: number, minLength = 0): fc.Arbitrary<string> {
  return fc.string({ unit: codePoint, minLength, maxLength });
}

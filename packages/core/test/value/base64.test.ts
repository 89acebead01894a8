import fc from 'fast-check';
import { expect, it } from 'vitest';
import { base64, bytesOfBase64 } from '../../src/value/base64.js';

it('writes the base64url of any bytes, and reads it back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = base64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64url'));
      expect(bytesOfBase64(text)).toEqual(new Uint8Array(bytes));
    }),
  );
});

it('takes only the bytes of the view', () => {
  const whole = new Uint8Array([1, 2, 3, 4]);
  expect(base64(whole.subarray(1, 3))).toBe(base64(new Uint8Array([2, 3])));
  expect(base64(new DataView(whole.buffer, 1, 2))).toBe(base64(new Uint8Array([2, 3])));
});

it.each(['A', 'AAAAA', 'AA=', 'A+', 'A/', 'AB', 'AAB', 'é1', '\u0100A'])(
  'does not read "%s"',
  (text) => {
    expect(() => bytesOfBase64(text)).toThrow(SyntaxError);
  },
);

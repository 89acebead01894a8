import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBoostError, type BoostErrorCode } from '../../src/error.js';
import { wellFormedText } from './well-formed-text.js';
import { assertTenant, assertUser, encodeTenant } from '../../src/key/tenant.js';

function codeOf(call: () => unknown): BoostErrorCode | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (isBoostError(error)) return error.code;
    throw error;
  }
}

describe('assertTenant', () => {
  it.each(['acme', 'tenant-a', 'publicity', 'public-radio', 'a:b', 'é', '__proto__', '../..', '*'])(
    'takes %s',
    (tenant) => {
      expect(assertTenant(tenant)).toBe(tenant);
    },
  );

  it.each(['public', 'Public', 'public-0', 'public-12', 'PUBLIC-UP', 'public-down-3', 'shared'])(
    'refuses the reserved word %s',
    (tenant) => {
      expect(codeOf(() => assertTenant(tenant))).toBe('BOOST_TENANT_RESERVED');
    },
  );

  it.each([undefined, null, Number.NaN, {}].map(String))(
    'refuses "%s", which is a forgotten value made a string',
    (id) => {
      expect(codeOf(() => assertTenant(id))).toBe('BOOST_TENANT_RESERVED');
      expect(codeOf(() => assertUser(id))).toBe('BOOST_TENANT_RESERVED');
    },
  );

  it.each([
    ['empty', ''],
    ['a number', 7],
    ['undefined', undefined],
    ['null', null],
    ['a list', ['acme']],
    ['ill-formed', 'a\ud800'],
    ['70,000 characters long', 'a'.repeat(70_000)],
  ])('refuses an id that is %s', (_, id) => {
    expect(codeOf(() => assertTenant(id))).toBe('BOOST_TENANT_INVALID');
    expect(codeOf(() => assertUser(id))).toBe('BOOST_TENANT_INVALID');
  });

  it('lets users be called what tenants cannot', () => {
    expect(assertUser('public-0')).toBe('public-0');
  });

  it('never puts the id of a refused tenant into the message when it is not a reserved word', () => {
    const secret = `secret${'x'.repeat(70_000)}`;
    expect(() => assertTenant(secret)).not.toThrow(/secret/);
    expect(() => assertTenant(secret)).toThrow(/70006 characters/);
  });
});

describe('encodeTenant', () => {
  it.each([
    ['acme-corp_1', 'acme-corp_1'],
    ['a:b', 'a~3ab'],
    ['~', '~7e'],
    ['%41', '~2541'],
    ["!'()*.", '~21~27~28~29~2a~2e'],
    ['é', '~c3~a9'],
    ['e\u0301', 'e~cc~81'],
    ['__proto__', '__proto__'],
  ])('writes %s as %s', (tenant, encoded) => {
    expect(encodeTenant(tenant)).toBe(encoded);
  });

  it('writes a 10 kB id as a digest, another for each', () => {
    const long = 'x'.repeat(10_240);
    expect(encodeTenant(long)).toMatch(/^~~[\w-]{43}$/);
    expect(encodeTenant(`${long}y`)).not.toBe(encodeTenant(long));
  });

  const tenant = fc.oneof(
    wellFormedText(4, 1),
    fc.string({ unit: fc.constantFrom('~', '%', '7', 'e', '-', '_', 'a', 'é', ':'), minLength: 1 }),
    wellFormedText(120, 90),
  );

  it('gives no two tenants the same name, and only characters that mean nothing', () => {
    fc.assert(
      fc.property(tenant, tenant, (a, b) => {
        const encoded = encodeTenant(a);
        expect(encoded).toMatch(/^(?:[\w-]|~[0-9a-f]{2}|^~~(?=[\w-]{43}$)){1,100}$/);
        expect(encoded === encodeTenant(b)).toBe(a === b);
        if (!encoded.startsWith('~~')) {
          expect(decodeURIComponent(encoded.replaceAll('~', '%'))).toBe(a);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

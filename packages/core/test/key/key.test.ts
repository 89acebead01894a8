import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBoostError } from '../../src/error.js';
import { wellFormedText } from './well-formed-text.js';
import {
  createKeySpace,
  entryPrefix,
  makeKey,
  type KeyParts,
  type KeySpaceParts,
} from '../../src/key/key.js';
import { argumentValue, meaningOf } from './argument-arbitrary.js';

const space = createKeySpace({ version: 'v1', schemaHash: 'abc', databaseId: 'main' });
const read: KeyParts = {
  tenant: undefined,
  model: 'Post',
  action: 'findMany',
  args: { where: { id: 1 } },
};

describe('makeKey', () => {
  it('names tenant and model before the digest', () => {
    const { storeKey, digest, tenant } = makeKey(space, { ...read, tenant: 'a:b' });
    expect(storeKey).toBe(`${space.prefix}a~3ab:Post:${digest}`);
    expect(digest).toMatch(/^[\w-]{43}$/);
    expect(tenant).toBe('a~3ab');
  });

  it('does not change from release to release', () => {
    // A change here is a change of the stored format: raise STORE_FORMAT with it.
    expect(makeKey(space, read).storeKey).toMatchInlineSnapshot(
      `"b1:ccOp1yo9T4s:~:Post:I8fOgHC7mzCsBAVXdKD77m-tF5CLsI1zad7eIxNXA_c"`,
    );
  });

  it('is another one when any part is another one', () => {
    const variants: KeyParts[] = [
      read,
      { ...read, tenant: null },
      { ...read, tenant: 'acme' },
      { ...read, tenant: 'acm', user: 'e' },
      { ...read, tenant: 'acme', user: 'u' },
      { ...read, user: 'u' },
      { ...read, model: 'Posts' },
      { ...read, action: 'findFirst' },
      { ...read, args: { where: { id: 1n } } },
      { ...read, omit: { post: { text: true } } },
      { ...read, needs: { post: { text: true } } },
      { ...read, variant: ['comments'] },
      { ...read, variant: ['comm', 'ents'] },
      { ...read, variant: [] },
      { ...read, variant: ['select'], args: { where: { id: 1 } } },
    ];
    const digests = variants.map((parts) => makeKey(space, parts).digest);
    expect(new Set(digests).size).toBe(variants.length);
  });

  it('is another one in another space', () => {
    const parts: KeySpaceParts = { version: 'v1', schemaHash: 'abc', databaseId: 'main' };
    const spaces: KeySpaceParts[] = [
      parts,
      { ...parts, version: 'v2' },
      { ...parts, schemaHash: 'abd' },
      { ...parts, databaseId: 'other' },
      { ...parts, version: 'v1abc', schemaHash: '' },
    ];
    const keys = spaces.map((given) => makeKey(createKeySpace(given), read));
    expect(new Set(keys.map(({ digest }) => digest)).size).toBe(spaces.length);
    expect(new Set(spaces.map((given) => createKeySpace(given).prefix)).size).toBe(spaces.length);
  });

  it('is the same for arguments in another order, remembered or not', () => {
    const other = { ...read, args: { where: { id: 1 }, skip: undefined } };
    expect(makeKey(space, other)).toEqual(makeKey(space, read));
    expect(makeKey(space, read)).toBe(makeKey(space, read));
    const many = { where: { id: { in: Array.from({ length: 500 }, (_, index) => index) } } };
    expect(makeKey(space, { ...read, args: many })).toEqual(
      makeKey(space, { ...read, args: structuredClone(many) }),
    );
  });

  it('is the same for two reads exactly when their arguments mean the same', () => {
    fc.assert(
      fc.property(argumentValue, argumentValue, (a, b) => {
        const same = JSON.stringify(meaningOf(a)) === JSON.stringify(meaningOf(b));
        const first = makeKey(space, { ...read, args: { a } });
        const second = makeKey(space, { ...read, args: { a: b } });
        expect(first.digest === second.digest).toBe(same);
        expect(makeKey(space, { ...read, args: { a } })).toEqual(first);
      }),
      { numRuns: 1000 },
    );
  });

  it('is not remembered for arguments that have no key', () => {
    const args = { where: { name: '\ud800' } };
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(() => makeKey(space, { ...read, args })).toThrow(
        expect.toSatisfy((error: unknown) => isBoostError(error, 'BOOST_VALUE_UNSUPPORTED')),
      );
    }
    expect(() => makeKey(space, { ...read, user: '\ud800' })).toThrow('lone surrogate');
    expect(() => createKeySpace({ version: '\ud800', schemaHash: '', databaseId: '' })).toThrow();
  });

  const tenant = fc.oneof(
    fc.constantFrom(undefined, null),
    fc.string({ unit: fc.constantFrom(':', '~', 'a', 'b', '-', '_', 'é', '%'), minLength: 1 }),
    wellFormedText(120, 1),
    fc.constantFrom('__proto__', 'none', '~', '~public', 'public', 'p'.repeat(10_240)),
  );
  const model = fc.oneof(
    fc.stringMatching(/^[A-Z]\w{0,5}$/),
    fc.constantFrom('Post', 'PostTag', 'P'.repeat(600)),
  );

  it('fits into a KV key, in printable ASCII', () => {
    fc.assert(
      fc.property(tenant, model, wellFormedText(10), (of, name, user) => {
        const { storeKey } = makeKey(space, { ...read, tenant: of, model: name, user });
        expect(storeKey).toMatch(/^[\x21-\x7e]{1,320}$/);
      }),
    );
  });

  it('tenant id injection: no list of a tenant or a model shows what belongs to another', () => {
    fc.assert(
      fc.property(tenant, tenant, model, model, (a, b, nameA, nameB) => {
        const { storeKey } = makeKey(space, { ...read, tenant: b, model: nameB });
        expect(storeKey.startsWith(entryPrefix(space, a))).toBe(a === b);
        const isSame = a === b && nameA === nameB;
        expect(storeKey.startsWith(entryPrefix(space, a, nameA))).toBe(isSame);
      }),
      { numRuns: 2000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  exactRouting,
  frugalRouting,
  modelOf,
  spacedKey,
  type Routing,
  type Tenant,
} from '../../src/epoch/space.js';
import type { Scope } from '../../src/scope/scope.js';

const SHARED = 'Country';
const isShared = (model: string): boolean => model === SHARED;

const facet = fc.constantFrom('!', '#rows', '#title', ':42#title', '{a=7}#rows', '{a=?}');
const model = fc.constantFrom('Post', 'User', 'tag', SHARED);
const scope = fc.tuple(model, facet).map(([name, rest]) => name + rest);
const tenant: fc.Arbitrary<Tenant> = fc.constantFrom('acme', 'beta', 'public', null);

/** Every dependency set has `*` and the `!` of each model it touches. */
const dependencies = fc
  .array(scope, { minLength: 1, maxLength: 6 })
  .map((scopes): Scope[] => ['*', ...scopes.map((s) => `${modelOf(s) ?? ''}!`), ...scopes]);
/** Every write has the `!` or at least one facet of the model itself in it, beside whatever is narrower. */
const bumps = fc.array(scope, { minLength: 1, maxLength: 6 });

function keys(routed: ReturnType<Routing['read']>): readonly string[] {
  return (routed ?? []).map(spacedKey);
}

function meet(
  routing: Routing,
  read: Tenant,
  deps: Scope[],
  write: Tenant,
  bumped: Scope[],
): boolean {
  const bumpedKeys = keys(routing.write(write, bumped));
  return keys(routing.read(read, deps)).some((key) => bumpedKeys.includes(key));
}

describe.each([
  ['exact', exactRouting(isShared)],
  ['frugal', frugalRouting(isShared)],
] as const)('%s routing', (name, routing) => {
  it('meets wherever the scopes meet and the same rows can be seen', () => {
    fc.assert(
      fc.property(tenant, dependencies, tenant, bumps, (reader, deps, writer, bumped) => {
        const common = deps.filter((s) => bumped.includes(s));
        fc.pre(common.length > 0 && routing.read(reader, deps) !== null);
        // Tenants do not see each other's rows, unless the model is shared or the write goes through a shared one.
        const reachesAll = bumped.some((s) => modelOf(s) === SHARED);
        const apart = typeof reader === 'string' && typeof writer === 'string' && reader !== writer;
        fc.pre(!apart || reachesAll);
        expect(meet(routing, reader, deps, writer, bumped)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps a tenant from invalidating another', () => {
    const write = ['Post!', 'Post#rows', 'Post:42#title', '*', 'tag:home'];
    expect(meet(routing, 'acme', ['*', 'Post!', 'tag:home'], 'beta', write)).toBe(false);
  });

  it.each(['*', 'tag:home', 'Post!', 'Post:42#title'])(
    'lets a write of %s without tenant reach every tenant',
    (bumped) => {
      const deps = ['*', 'tag:home', 'Post!', 'Post:42#title'];
      expect(meet(routing, 'acme', deps, null, [bumped])).toBe(true);
    },
  );

  it('has one space where the application has no tenants', () => {
    expect(meet(routing, undefined, ['*', 'Post!'], undefined, ['Post!'])).toBe(true);
    expect(meet(routing, undefined, ['*', 'Post!'], undefined, ['User!'])).toBe(false);
  });

  it('gives no tenant the space of another, or of the public', () => {
    const ids = [
      'acme',
      'ACME',
      'acme:',
      'acme%3A',
      'public',
      't.acme',
      '__proto__',
      'é',
      'e\u0301',
    ];
    const spaces = ids.flatMap((id) => keys(routing.read(id, ['*'])).slice(0, 1));
    expect(new Set([...spaces, ...keys(routing.read(null, ['*']))]).size).toBe(ids.length + 1);
  });

  it(`${name === 'exact' ? 'caches' : 'refuses'} reads without tenant of what tenants own`, () => {
    expect(routing.read(null, ['*', 'Post!']) === null).toBe(name === 'frugal');
    expect(routing.read(null, ['*', 'Country!', 'tag:home'])).not.toBeNull();
  });
});

describe('frugal routing', () => {
  it('asks the public space for no more than the models', () => {
    const deps = ['*', 'Post!', 'Post:42#title', 'Post{a=7}#rows', 'tag:home'];
    const routed = frugalRouting(isShared).read('acme', deps) ?? [];
    const ofPublic = routed.filter(({ space }) => space === 'public').map(({ scope }) => scope);
    expect(ofPublic).toEqual(['*', 'Post!', 'tag:home']);
  });
});

describe('the model of a scope', () => {
  it.each([
    ['*', null],
    ['Post!', 'Post'],
    ['Post#rows', 'Post'],
    ['Post:42#title', 'Post'],
    ['Post{a=7}!', 'Post'],
    ['_PostToTag!', '_PostToTag'],
    ['tag:home', 'tag'],
  ])('%s is %s', (text, expected) => {
    expect(modelOf(text)).toBe(expected);
  });
});

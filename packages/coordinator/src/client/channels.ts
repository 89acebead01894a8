import {
  coarse,
  DOWN,
  encodeTenant,
  exactRouting,
  scopeHash,
  UP,
  type IsShared,
  type Scope,
  type ScopeHash,
  type ScopeHashes,
} from '@boost/core';

/** undefined: the application has no tenants; null: explicitly none. */
export type Tenant = string | null | undefined;

/** What a read depends on of one object. */
export interface Channel {
  /** Name of the object. */
  readonly name: string;
  /** The half of the public object that every write bumps, for reads without tenant; else the half that tenants depend on. */
  readonly isUp: boolean;
}

/** `assertTenant` refuses the tenant that would have this name. */
export const PUBLIC = 'epoch-public-0';
/** More scopes of one write are folded into their models. */
const MAX_SCOPES = 4_000;

/**
 * A tenant's own object and the public one; without tenant the public one alone.
 *
 * @param isApart - no write reaches several tenants: a tenant's own object is all that counts for it
 */
export function channelsOfRead(tenant: Tenant, isApart: boolean): readonly Channel[] {
  if (typeof tenant !== 'string') return [{ name: PUBLIC, isUp: true }];
  if (isApart) return [{ name: objectOf(tenant), isUp: false }];
  return [
    { name: objectOf(tenant), isUp: false },
    { name: PUBLIC, isUp: false },
  ];
}

/** The dependency set as one object has it. One set serves all: what of it an object never bumps does no harm. */
export function channelHashes({ isUp }: Channel, hashes: ScopeHashes): ScopeHashes {
  return isUp ? hashes.map(upHash) : hashes;
}

export function hashesOf(scopes: readonly Scope[]): ScopeHashes {
  return Float64Array.from(scopes, scopeHash);
}

/** What the write of a tenant bumps where tenants are apart. */
export function bumpsApart(
  tenant: string,
  scopes: readonly Scope[],
): ReadonlyMap<string, ScopeHashes> {
  return new Map([[objectOf(tenant), hashesOf([...new Set(folded(scopes))])]]);
}

/** What a write bumps, by the name of the object. */
export function bumpsOfWrite(
  isShared: IsShared,
  tenant: Tenant,
  scopes: readonly Scope[],
): ReadonlyMap<string, ScopeHashes> {
  const byObject = new Map<string, Set<ScopeHash>>();
  for (const { space, scope } of exactRouting(isShared).write(tenant, folded(scopes))) {
    const isPublic = space === DOWN || space === UP;
    const name = isPublic || typeof tenant !== 'string' ? PUBLIC : objectOf(tenant);
    const hash = scopeHash(scope);
    const hashes = byObject.get(name) ?? new Set();
    byObject.set(name, hashes.add(space === UP ? upHash(hash) : hash));
  }
  return new Map([...byObject].map(([name, hashes]) => [name, Float64Array.from(hashes)]));
}

/** Name of the object that orders a tenant's writes. */
export function objectOf(tenant: string): string {
  return `epoch-${encodeTenant(tenant)}`;
}

/** Every read that depends on a scope depends on its model's `!` too. */
function folded(scopes: readonly Scope[]): readonly Scope[] {
  return scopes.length <= MAX_SCOPES ? scopes : [...new Set(scopes.map(coarse))];
}

/** The same scope in the other half of the public object. */
function upHash(hash: ScopeHash): ScopeHash {
  return 2 ** 53 - hash;
}

import {
  coarse,
  DOWN,
  encodeTenant,
  exactRouting,
  scopeHash,
  UP,
  type IsShared,
  type ModelGroups,
  type Scope,
  type ScopeHash,
  type ScopeHashes,
} from '@boost/core';
import { groupObjectsOf, objectsOfScope } from '../shards/model-groups.js';

/** undefined: the application has no tenants; null: explicitly none. */
export type Tenant = string | null | undefined;

/** What a read depends on of one object. */
export interface Channel {
  /** Name of the object. */
  readonly name: string;
  /** Of the one that tells which groups of models have objects of their own: its own, where none have. */
  readonly root: string;
  /** The half of the public object that every write bumps, for reads without tenant; else the half that tenants depend on. */
  readonly isUp: boolean;
}

/** `assertTenant` refuses the tenant that would have this name. */
export const PUBLIC = 'epoch-public-0';
/** More scopes of one write are folded into their models. */
const MAX_SCOPES = 4_000;

/** Which groups an object tells of, as far as is known. */
export type GroupsOf = (root: string) => ModelGroups | undefined;

/**
 * A tenant's own object and the public one; without tenant the public one alone.
 *
 * @param isApart - no write reaches several tenants: a tenant's own object is all that counts for it
 */
export function rootsOf(tenant: Tenant, isApart: boolean): readonly Channel[] {
  if (typeof tenant !== 'string') return [{ name: PUBLIC, root: PUBLIC, isUp: true }];
  const root = objectOf(tenant);
  const own = { name: root, root, isUp: false };
  return isApart ? [own] : [own, { name: PUBLIC, root: PUBLIC, isUp: false }];
}

/** The same, with the objects of the groups that the read's models are in. */
export function channelsOfRead(
  roots: readonly Channel[],
  groupsOf: GroupsOf,
  scopes: readonly Scope[],
): readonly Channel[] {
  const channels = [...roots];
  for (const { root, isUp } of roots) {
    for (const name of groupObjectsOf(root, groupsOf(root), scopes)) {
      channels.push({ name, root, isUp });
    }
  }
  return channels;
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
  groupsOf: GroupsOf,
): ReadonlyMap<string, ScopeHashes> {
  const bumps = new Bumps(groupsOf);
  for (const scope of folded(scopes)) bumps.add(objectOf(tenant), scope, scopeHash(scope));
  return bumps.byObject();
}

/** What a write bumps, by the name of the object. */
export function bumpsOfWrite(
  isShared: IsShared,
  tenant: Tenant,
  scopes: readonly Scope[],
  groupsOf: GroupsOf,
): ReadonlyMap<string, ScopeHashes> {
  const bumps = new Bumps(groupsOf);
  for (const { space, scope } of exactRouting(isShared).write(tenant, folded(scopes))) {
    const isPublic = space === DOWN || space === UP;
    const root = isPublic || typeof tenant !== 'string' ? PUBLIC : objectOf(tenant);
    const hash = scopeHash(scope);
    bumps.add(root, scope, space === UP ? upHash(hash) : hash);
  }
  return bumps.byObject();
}

class Bumps {
  readonly #groupsOf: GroupsOf;
  readonly #hashes = new Map<string, Set<ScopeHash>>();

  constructor(groupsOf: GroupsOf) {
    this.#groupsOf = groupsOf;
  }

  add(root: string, scope: Scope, hash: ScopeHash): void {
    for (const name of objectsOfScope(root, this.#groupsOf(root), scope)) {
      const hashes = this.#hashes.get(name) ?? new Set();
      this.#hashes.set(name, hashes.add(hash));
    }
  }

  byObject(): ReadonlyMap<string, ScopeHashes> {
    return new Map([...this.#hashes].map(([name, hashes]) => [name, Float64Array.from(hashes)]));
  }
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

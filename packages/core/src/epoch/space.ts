import { encodeTenant } from '../key/tenant.js';
import { EVERYTHING, impreciseScope, type Scope } from '../scope/scope.js';

/**
 * Where epochs live. A tenant has a space of its own, and beside them all there is what belongs to no tenant: `down`, which
 * every tenant's read depends on and writes without tenant bump; `up`, which reads without tenant depend on and every write
 * bumps.
 */
export type Space = string;

export const DOWN: Space = 'public';
export const UP: Space = 'public-up';

export interface SpacedScope {
  readonly space: Space;
  readonly scope: Scope;
}

/** null: explicitly no tenant. undefined: the application has no tenants, and everything is public. */
export type Tenant = string | null | undefined;

/** Which spaces a read depends on and a write bumps. Wherever the two scopes meet, so do the two sets of spaces. */
export interface Routing {
  /** Null when a read in this context cannot be cached. */
  read(tenant: Tenant, scopes: readonly Scope[]): readonly SpacedScope[] | null;
  write(tenant: Tenant, scopes: readonly Scope[]): readonly SpacedScope[];
}

/** A routing that refuses no read. */
export interface ExactRouting extends Routing {
  read(tenant: Tenant, scopes: readonly Scope[]): readonly SpacedScope[];
}

/** Whether every tenant sees the same rows of the model. */
export type IsShared = (model: string) => boolean;

/**
 * The routing where every scope of every space can be checked (coordinator, memory): reads without tenant are cached too.
 *
 * - a tenant's write: its own space, and `up` with only the models' `!`
 * - a write without tenant, or one that reaches a shared model: `down` and `up`
 * - a tenant's read: its own space and `down`; a read without tenant: `up`
 */
export function exactRouting(isShared: IsShared): ExactRouting {
  return {
    read(tenant, scopes) {
      if (typeof tenant !== 'string') return scopes.map((scope) => ({ space: UP, scope }));
      return readOfTenant(tenant, scopes, isShared, (scope) => scope);
    },
    write(tenant, scopes) {
      const routed = new RoutedSet();
      const reachesAll = typeof tenant !== 'string' || scopes.some((s) => isPublic(s, isShared));
      for (const scope of scopes) {
        if (reachesAll) {
          routed.add(DOWN, scope);
          routed.add(UP, scope);
        } else routed.add(UP, coarse(scope));
        if (typeof tenant === 'string') routed.add(tenantSpace(tenant), scope);
      }
      return routed.toArray();
    },
  };
}

/**
 * The routing where every epoch costs a key (KV): one public space, in which what belongs to tenants has only its `!`.
 *
 * - a tenant's write: its own space
 * - a write without tenant, or one that reaches a shared model: the public space
 * - a tenant's read: its own space and the public `!`; a read without tenant of what tenants own is not cached
 */
export function frugalRouting(isShared: IsShared): Routing {
  return {
    read(tenant, scopes) {
      if (typeof tenant === 'string') return readOfTenant(tenant, scopes, isShared, coarse);
      if (tenant === null && scopes.some((scope) => isOwned(scope, isShared))) return null;
      return scopes.map((scope) => ({ space: DOWN, scope }));
    },
    write(tenant, scopes) {
      const routed = new RoutedSet();
      // A row that all tenants see can take rows of any tenant with it, by a referential action.
      const reachesAll = typeof tenant !== 'string' || scopes.some((s) => isPublic(s, isShared));
      for (const scope of scopes) {
        const shared = tenant === undefined || isPublic(scope, isShared);
        if (shared) routed.add(DOWN, scope);
        else if (reachesAll) routed.add(DOWN, coarse(scope));
        if (typeof tenant === 'string' && !shared) routed.add(tenantSpace(tenant), scope);
      }
      return routed.toArray();
    },
  };
}

function readOfTenant(
  tenant: string,
  scopes: readonly Scope[],
  isShared: IsShared,
  publicScope: (scope: Scope) => Scope,
): readonly SpacedScope[] {
  const own = tenantSpace(tenant);
  const routed = new RoutedSet();
  for (const scope of scopes) {
    if (isPublic(scope, isShared)) routed.add(DOWN, scope);
    else {
      routed.add(own, scope);
      routed.add(DOWN, publicScope(scope));
    }
  }
  return routed.toArray();
}

function tenantSpace(tenant: string): Space {
  return `t.${encodeTenant(tenant)}`;
}

/**
 * The model that a scope is about; null for `*`. A tag counts as the model `tag`: the two cannot be told apart, and the same
 * model on both sides is all that matters.
 */
export function modelOf(scope: Scope): string | null {
  const end = scope.search(/[!*#:{]/);
  return end <= 0 ? null : scope.slice(0, end);
}

function isPublic(scope: Scope, isShared: IsShared): boolean {
  const model = modelOf(scope);
  return model !== null && isShared(model);
}

function isOwned(scope: Scope, isShared: IsShared): boolean {
  // Rows of a model named `tag` look like tags; its `tag!` tells them apart, and every read of the model has it.
  return modelOf(scope) !== null && !scope.startsWith('tag:') && !isShared(modelOf(scope) ?? '');
}

/** What stands for the scope where only models are told apart; every read that depends on the scope depends on it too. */
export function coarse(scope: Scope): Scope {
  const model = modelOf(scope);
  if (model === null) return EVERYTHING;
  return scope.startsWith('tag:') ? scope : impreciseScope(model);
}

/** One text for both; a space has no colon in its name. */
export type SpacedKey = string;

export function spacedKey({ space, scope }: SpacedScope): SpacedKey {
  return `${space}:${scope}`;
}

export function scopeOf(key: SpacedKey): Scope {
  return key.slice(key.indexOf(':') + 1);
}

/** Keeps the order of arrival, without duplicates. */
class RoutedSet {
  readonly #routed = new Map<string, SpacedScope>();

  add(space: Space, scope: Scope): void {
    const spaced = { space, scope };
    this.#routed.set(spacedKey(spaced), spaced);
  }

  toArray(): readonly SpacedScope[] {
    return [...this.#routed.values()];
  }
}

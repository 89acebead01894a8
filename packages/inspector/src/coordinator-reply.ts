import { objectStates, type CoordinatorOptions, type ObjectState } from '@boost/coordinator';
import { scopeHash, type Scope } from '@boost/core';
import { shortened } from './shown-scopes.js';
import type { CoordinatorReply, ShownObject } from './wire.js';

/** Objects that are asked at once, each by a call of its own. */
const MAX_TENANTS = 20;
const MAX_SCOPES = 40;

/**
 * What the coordinator's objects say of the tenants that were seen.
 *
 * @param scopes - those known by name: scopes travel as hashes
 * @throws whatever the platform throws where an object cannot be reached
 */
export async function coordinatorReply(
  coordinator: CoordinatorOptions | undefined,
  tenants: readonly (string | null)[],
  scopes: Iterable<Scope>,
): Promise<CoordinatorReply> {
  if (coordinator === undefined) return { configured: false, objects: [], left: 0 };
  const named = tenants.filter((tenant) => tenant !== null);
  // Without tenants, or in a strict separation of them, there is one public object at most.
  const isApart = coordinator.crossTenant === false;
  const asked = [...(isApart ? [] : [null]), ...named.slice(0, MAX_TENANTS)];
  const objects = await objectStates(coordinator, asked);
  const names = namesOf(scopes);
  return {
    configured: true,
    objects: objects.map((object) => shownObject(object, names)),
    left: Math.max(0, named.length - MAX_TENANTS),
  };
}

/** By hash. The object of what belongs to no tenant has a second half, in which the hash is the complement. */
function namesOf(scopes: Iterable<Scope>): ReadonlyMap<number, Scope> {
  const names = new Map<number, Scope>();
  for (const scope of scopes) {
    const hash = scopeHash(scope);
    names.set(hash, scope);
    names.set(2 ** 53 - hash, scope);
  }
  return names;
}

function shownObject(
  { name, incarnation, seq, quietMs, fences }: ObjectState,
  names: ReadonlyMap<number, Scope>,
): ShownObject {
  return {
    ...{ name, incarnation, seq, quietMs },
    fences: fences.map(([id, hashes]) => {
      const known = [...hashes].flatMap((hash) => names.get(hash) ?? []);
      const scopes = [...new Set(known)];
      return {
        id,
        scopes: scopes.slice(0, MAX_SCOPES).map(shortened),
        unknown: hashes.length - known.length,
      };
    }),
  };
}

import { BoostError } from '@boost/core';
import type { CoordinatorNamespace } from './client/namespace.js';

interface ObjectId {
  equals(other: unknown): boolean;
}

interface Candidate {
  idFromName(name: string): unknown;
  jurisdiction?(jurisdiction: string): Candidate;
}

/**
 * The binding that made an object of this name: an id can be had from a name by the binding of its own class alone, so that any other
 * binding gives another id.
 *
 * @throws BoostError `BOOST_OPTION_INVALID` when the worker that has the class has no binding of it
 */
export function ownNamespace(
  env: unknown,
  id: ObjectId,
  name: string,
  jurisdiction: string | undefined,
): CoordinatorNamespace {
  for (const binding of Object.values(env ?? {}) as readonly unknown[]) {
    if (!isNamespace(binding)) continue;
    const part = jurisdiction === undefined ? binding : binding.jurisdiction?.(jurisdiction);
    if (part !== undefined && id.equals(part.idFromName(name))) {
      return binding as CoordinatorNamespace;
    }
  }
  throw new BoostError(
    'BOOST_OPTION_INVALID',
    'A relay found no way to its primary: the worker that exports EpochCoordinator needs a Durable Object binding of that class in its own configuration. Until then every read asks the primary',
    { details: { option: 'coordinator.sharding' } },
  );
}

/** A service binding pretends to have every method; unlike a namespace it also has `fetch`. */
function isNamespace(binding: unknown): binding is Candidate {
  const { idFromName, fetch } = (binding ?? {}) as { idFromName?: unknown; fetch?: unknown };
  return typeof idFromName === 'function' && typeof fetch !== 'function';
}

import type { LogDelta, LogPosition, ScopeHashes } from '@boost/core';
import { objectsOf } from '../shards/model-groups.js';
import { rootsOf } from './channels.js';
import { callObject } from './namespace.js';
import { resolveOptions, type CoordinatorOptions } from './options.js';

/** What an object says of itself to whoever reads from it. */
export interface ObjectState extends LogPosition {
  /** `epoch-<tenant>`, encoded; `epoch-public-0` for what belongs to no tenant. */
  readonly name: string;
  /** Milliseconds for which nothing may be answered from a cache or filled. */
  readonly quietMs: number;
  /** The writes under way, with the hashes of what they may change. */
  readonly fences: readonly (readonly [id: string, hashes: ScopeHashes])[];
}

/**
 * The objects that reads of these tenants depend on, those of groups of models too, to look at them: one call each, which changes nothing. `null` and `undefined`
 * stand for reads without tenant.
 *
 * @throws BoostError `BOOST_OPTION_INVALID`; whatever the platform throws where an object cannot be reached
 */
export async function objectStates(
  options: CoordinatorOptions,
  tenants: Iterable<string | null | undefined>,
): Promise<readonly ObjectState[]> {
  const { namespace, placement, crossTenant } = resolveOptions(options);
  const roots = new Set<string>();
  for (const tenant of tenants)
    for (const { root } of rootsOf(tenant, !crossTenant)) roots.add(root);
  const deltaOf = async (name: string): Promise<LogDelta> =>
    (await callObject(namespace, placement, name, 'sync', [])) as LogDelta;
  const states = await Promise.all(
    [...roots].map(async (root) => {
      const delta = await deltaOf(root);
      const [, ...others] = objectsOf(root, delta.groups);
      return [
        stateOf(root, delta),
        ...(await Promise.all(others.map(async (name) => stateOf(name, await deltaOf(name))))),
      ];
    }),
  );
  return states.flat();
}

function stateOf(name: string, { incarnation, seq, quietMs, fences = [] }: LogDelta): ObjectState {
  return { name, incarnation, seq, quietMs, fences };
}

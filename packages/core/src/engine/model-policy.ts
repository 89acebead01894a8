import type { ResolvedInvalidationPolicy } from '../policy/invalidation-policy.js';
import type { EngineCore } from './core.js';

/** What the invalidations of a model's writes do: the policy, within what was learned of the model. */
export function policyFor({ options }: EngineCore, model: string): ResolvedInvalidationPolicy {
  const { policy, invalidationPolicy: given, caps } = options;
  const learned = caps?.[model];
  if (learned === undefined) return policy;
  const { maxLists = policy.maxLists, maxDeletes = policy.maxDeletes } = learned;
  return {
    strategy: learned.strategy ?? policy.strategy,
    fallback: policy.fallback,
    maxLists: given?.maxLists ?? Math.min(policy.maxLists, maxLists),
    maxDeletes: given?.maxDeletes ?? Math.min(policy.maxDeletes, maxDeletes),
  };
}

/**
 * The rules of the planner that soundness rests on, each by the name under which the differential oracle's teeth know it. A
 * test can switch one off to prove that its absence is noticed; nothing else may.
 */
export type Rule =
  | 'depend-imprecise-model'
  | 'depend-imprecise-partition'
  | 'depend-unknown-partition'
  | 'row-relation-keys'
  | 'row-place'
  | 'row-unique-where'
  | 'row-existence'
  | 'row-order-fields'
  | 'membership-rows'
  | 'membership-where-fields'
  | 'membership-null'
  | 'membership-page-order'
  | 'membership-implicit-order'
  | 'membership-distinct'
  | 'cursor-row'
  | 'relation-filter-rows'
  | 'relation-filter-key'
  | 'relation-filter-join'
  | 'relation-order'
  | 'include-partition'
  | 'include-join'
  | 'include-join-targets'
  | 'count-membership'
  | 'aggregate-fields'
  | 'fold-widens'
  | 'bump-row'
  | 'bump-model-facets'
  | 'bump-partition-before'
  | 'bump-partition-after'
  | 'bump-unknown-partition'
  | 'bump-unknown-identifier'
  | 'bump-imprecise-model-facets'
  | 'bump-moved-key-destination'
  | 'bump-updated-at'
  | 'bump-generated-unknown'
  | 'bump-identifier-change'
  | 'nested-create'
  | 'nested-connect'
  | 'nested-disconnect'
  | 'nested-set'
  | 'nested-update'
  | 'nested-delete'
  | 'nested-join'
  | 'displaced-one-to-one'
  | 'cascade-delete'
  | 'cascade-set-null'
  | 'cascade-set-default'
  | 'cascade-update'
  | 'cascade-deep'
  | 'cascade-join'
  | 'upsert-union'
  | 'guard-before-image'
  | 'hold-near-row'
  | 'combined-keys'
  | 'equality-mode';

let disabled: Rule | undefined;

/** Whether the rule is in force: always, outside of a test of the oracle. */
export function inForce(rule: Rule): boolean {
  return rule !== disabled;
}

/** Switches one rule off (and any other on), or all on: a mutant for the oracle to catch. */
export function disableRule(rule: Rule | undefined): void {
  disabled = rule;
}

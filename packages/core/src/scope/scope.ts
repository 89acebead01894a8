/**
 * A scope names something that a read can depend on and a write can change. It is a string, equal where the scope is equal:
 *
 * | scope | meaning |
 * |---|---|
 * | `*` | everything of this tenant |
 * | `Post!` | an imprecise change of Post; every read that touches Post depends on it |
 * | `Post#rows` | which Post rows exist |
 * | `Post#title` | this field of any Post row |
 * | `Post:42#rows`, `Post:42#title` | the same facets, narrowed to the row with identifier 42 |
 * | `Post{authorId=7}#rows`, … | the same facets, narrowed to the partition: the rows whose tracked key has this value |
 * | `Post{authorId=7}!` | rows of the partition changed, and the writer does not know which |
 * | `Post{authorId=?}` | rows changed whose `authorId` the writer does not know |
 * | `tag:home` | a label the caller gave |
 *
 * A scope is a *base* (`Post`, `Post:42`, `Post{authorId=7}`) and a *facet*. Two different things may share a scope (a tag `42`
 * and row 42 of a model named `tag`): that costs a needless invalidation and nothing else.
 */
export type Scope = string;

/**
 * The finest scopes that an authority can afford. One function (`ModelScopes`) maps both dependency sets and bump sets, so
 * what intersects at `field` intersects at every coarser granularity.
 *
 * - `field`: every facet
 * - `row`: the fields of a model fold into groups: `#~key` (existence, identifier and tracked fields), `#~rest`, and
 *   `#~never` (what `neverInvalidateOn` names, and with it `@updatedAt` fields); imprecise partitions become imprecise models
 * - `model`: everything about a model becomes `Post!`
 */
export type Granularity = 'field' | 'row' | 'model';

/** Everything of this tenant. */
export const EVERYTHING: Scope = '*';

export function tagScope(tag: string): Scope {
  return `tag:${tag}`;
}

/** The scope of an imprecise change of a model, and all there is of it at granularity `model`. */
export function impreciseScope(model: string): Scope {
  return `${model}!`;
}

import type { Model, RelationField } from '../schema/schema.js';
import type { DependencySet } from '../scope/dependency-set.js';
import type { PlanContext } from './context.js';
import { asList, isArgs, narrow, pinsOf, type Pins } from './pins.js';
import { inForce } from '../rules.js';

/** What reads depend on besides the rows they show: which rows match a filter. */
export interface Membership {
  readonly model: Model;
  readonly where: unknown;
  /** Equalities known beside the `where`: the parent's key in a nested list. */
  readonly pins?: Pins;
  /** Fields that decide membership and are not in the `where`: of the order of a page, `distinct`, aggregates, the relation's key. */
  readonly fields?: Iterable<string>;
}

/** Adds which rows match: existence and filtered fields, of the narrowest partition that the equalities name, else of the model. */
export function addMembership(
  context: PlanContext,
  deps: DependencySet,
  membership: Membership,
): void {
  const { model, where } = membership;
  const scopes = context.scopes(model.name);
  deps.touch(scopes);
  // A row that moves away by the parent's key leaves as well, whatever narrows the list besides.
  const fields = new Set<string>([
    ...(membership.fields ?? []),
    ...(membership.pins?.keys() ?? []),
  ]);
  addFilterFields(context, deps, model, where, fields);
  if (scopes.granularity === 'model') return;
  const pins = new Map(pinsOf(context, model, where));
  for (const [field, values] of membership.pins ?? []) pins.set(field, values);
  const narrowing = narrow(context, model, pins);
  const key = narrowing?.kind === 'rows' ? narrowing.fields : (narrowing?.by.key ?? []);
  // A row that moves into or out of a partition changes which rows it has: the key's own facet would say it twice.
  const others = [...fields].filter((field) => !key.includes(field));
  const facets = scopes.facets(
    inForce('membership-where-fields') ? others : [],
    inForce('membership-rows'),
  );
  if (narrowing === null) deps.model(scopes, facets);
  else if (narrowing.kind === 'rows') {
    for (const value of narrowing.values) deps.possibleRow(scopes, value, facets);
  } else {
    for (const value of narrowing.values) deps.partition(scopes, narrowing.by, value, facets);
  }
}

/** Adds the model's own fields that a `where` uses to `fields`, and what its relation filters depend on to `deps`. */
export function addFilterFields(
  context: PlanContext,
  deps: DependencySet,
  model: Model,
  where: unknown,
  fields: Set<string>,
): void {
  if (!isArgs(where)) return;
  for (const [name, value] of Object.entries(where)) {
    if (value === undefined) continue;
    if (name === 'AND' || name === 'OR' || name === 'NOT') {
      for (const branch of asList(value)) addFilterFields(context, deps, model, branch, fields);
      continue;
    }
    const field = model.fields.get(name);
    if (field?.kind === 'relation') {
      addRelationFilter(context, deps, field, value, fields);
    } else if (field !== undefined) {
      fields.add(name);
      addReferencedFields(value, fields);
    } else {
      const unique = model.uniques.find((candidate) => candidate.name === name);
      // What is neither a field nor a unique is not understood: every field counts.
      for (const part of unique?.fields ?? context.scopes(model.name).visibleNames)
        fields.add(part);
    }
  }
}

/** Fields that a filter compares with (`{ gt: prisma.post.fields.likes }`): of the same model, by Prisma's rule. */
function addReferencedFields(filter: unknown, fields: Set<string>): void {
  if (typeof filter !== 'object' || filter === null) return;
  if (isArgs(filter)) {
    for (const value of Object.values(filter)) addReferencedFields(value, fields);
  } else if (Array.isArray(filter)) {
    for (const value of filter) addReferencedFields(value, fields);
  } else if ('modelName' in filter && 'name' in filter && typeof filter.name === 'string') {
    fields.add(filter.name);
  }
}

/** A row that does not match is not one that matches the opposite: SQL's NOT of a comparison with null is unknown. */
const NEGATIONS = new Set(['every', 'isNot']);

function addRelationFilter(
  context: PlanContext,
  deps: DependencySet,
  relation: RelationField,
  filter: unknown,
  fields: Set<string>,
): void {
  const target = context.model(relation.target);
  if (inForce('relation-filter-key')) for (const field of relation.fields) fields.add(field);
  if (relation.join !== undefined && inForce('relation-filter-join')) {
    addMembership(context, deps, { model: context.model(relation.join.model), where: undefined });
  }
  const related = (where: unknown, narrowed: boolean): void => {
    if (!inForce('relation-filter-rows')) return deps.touch(context.scopes(target.name));
    if (narrowed) {
      addMembership(context, deps, { model: target, where, fields: relation.references });
    } else {
      // `every` and `isNot` turn on the rows that do not match as well, null among them: their equalities narrow nothing.
      addMembership(context, deps, {
        model: target,
        where: { NOT: where },
        fields: relation.references,
      });
    }
  };
  if (!isArgs(filter)) return related(undefined, true);
  const quantified = relation.list
    ? ['some', 'none', 'every'].filter((name) => filter[name] !== undefined)
    : ['is', 'isNot'].filter((name) => filter[name] !== undefined);
  if (quantified.length === 0) return related(relation.list ? undefined : filter, true);
  for (const name of quantified) related(filter[name], !NEGATIONS.has(name));
}

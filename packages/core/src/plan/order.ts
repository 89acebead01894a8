import type { Model } from '../schema/schema.js';
import type { DependencySet } from '../scope/dependency-set.js';
import type { PlanContext } from './context.js';
import { addMembership } from './filter.js';
import { asList, isArgs } from './pins.js';
import type { Args } from './plan.js';
import { inForce } from '../rules.js';

/** Whether the arguments cut the list, so that a row outside of the result can take a place in it. */
export function isPage(args: Args): boolean {
  return (
    args['take'] !== undefined ||
    args['skip'] !== undefined ||
    args['cursor'] !== undefined ||
    args['distinct'] !== undefined
  );
}

/** The model's own fields that decide the order, and what ordering by relations depends on. */
export function orderFields(
  context: PlanContext,
  deps: DependencySet,
  model: Model,
  orderBy: unknown,
): Set<string> {
  const fields = new Set<string>();
  for (const part of asList(orderBy)) {
    if (!isArgs(part)) continue;
    for (const [name, order] of Object.entries(part)) {
      if (order !== undefined) addOrder(context, deps, model, name, order, fields);
    }
  }
  return fields;
}

function addOrder(
  context: PlanContext,
  deps: DependencySet,
  model: Model,
  name: string,
  order: unknown,
  fields: Set<string>,
): void {
  const field = model.fields.get(name);
  if (field?.kind === 'scalar') {
    fields.add(name);
  } else if (field?.kind === 'relation') {
    const target = context.model(field.target);
    for (const key of field.fields) fields.add(key);
    const inner = orderFields(
      context,
      deps,
      target,
      isArgs(order) && !('_count' in order) ? order : [],
    );
    if (!inForce('relation-order')) return;
    if (field.join !== undefined) {
      addMembership(context, deps, { model: context.model(field.join.model), where: undefined });
    }
    addMembership(context, deps, {
      model: target,
      where: undefined,
      fields: [...inner, ...field.references],
    });
  } else if (isArgs(order)) {
    // `_count`, `_sum`, … of groupBy, and `_relevance`: fields by name, as keys or as a list.
    const named = name === '_relevance' ? asList(order['fields']) : Object.keys(order);
    for (const part of named) {
      if (typeof part === 'string' && model.fields.has(part)) fields.add(part);
    }
  }
}

/**
 * The fields that decide which rows a page holds: those of its order, of `distinct`, and the key that Prisma orders by where
 * nothing else decides. Empty for a list that is not cut.
 */
export function pageFields(
  context: PlanContext,
  model: Model,
  args: Args,
  order: ReadonlySet<string>,
): Set<string> {
  const fields = new Set<string>();
  if (!isPage(args)) return fields;
  if (inForce('membership-page-order')) for (const field of order) fields.add(field);
  if (inForce('membership-distinct')) {
    for (const field of asList(args['distinct'])) fields.add(String(field));
  }
  if (inForce('membership-implicit-order')) {
    for (const field of context.scopes(model.name).identifier ?? []) fields.add(field);
  }
  return fields;
}

/** The row that a cursor names: where it stands in the order decides the page, wherever it lies. */
export function addCursor(
  context: PlanContext,
  deps: DependencySet,
  model: Model,
  cursor: unknown,
  order: Iterable<string>,
): void {
  if (!isArgs(cursor) || !inForce('cursor-row')) return;
  addMembership(context, deps, { model, where: cursor, fields: order });
}

import type { Model } from '../schema/schema.js';
import { DependencySet } from '../scope/dependency-set.js';
import { impreciseScope, type Scope } from '../scope/scope.js';
import type { PlanContext } from './context.js';
import { addFilterFields, addMembership } from './filter.js';
import { addCursor, orderFields, pageFields } from './order.js';
import { asList, isArgs, narrow, pinsOf } from './pins.js';
import type { ReadOperation, ReadPlan } from './plan.js';
import { inForce } from '../rules.js';
import { addRow, addRows, facetsOf } from './rows.js';
import { select, stripAdded, type Selection } from './selection.js';

/**
 * Plans a read: what it depends on, and how to ask so that it can be known.
 *
 * @param tags - the caller's labels
 * @throws BoostError `BOOST_MODEL_UNKNOWN`
 */
export function planRead(
  context: PlanContext,
  operation: ReadOperation,
  tags: readonly string[] = [],
): ReadPlan {
  const model = context.model(operation.model);
  const plan = planModelRead(context, operation, model, tags);
  return context.views.length === 0 ? plan : withViews(context, plan);
}

function planModelRead(
  context: PlanContext,
  operation: ReadOperation,
  model: Model,
  tags: readonly string[],
): ReadPlan {
  switch (operation.action) {
    case 'count':
    case 'aggregate':
    case 'groupBy':
      return planAggregate(context, operation, model, tags);
    case 'findUnique':
    case 'findUniqueOrThrow':
      return planUnique(context, operation, model, tags);
    case 'findFirst':
    case 'findFirstOrThrow':
    case 'findMany':
      return planList(context, operation, model, tags);
  }
}

/** No write bumps a view: a read that touches one depends on what the user declared that the view reads. */
function withViews(context: PlanContext, plan: ReadPlan): ReadPlan {
  const touched = context.views.filter((view) => plan.scopes.includes(impreciseScope(view)));
  if (touched.length === 0) return plan;
  const deps = new DependencySet();
  for (const view of touched) {
    const declared = context.options.views?.[view];
    if (declared === undefined) return { ...plan, uncacheable: `view ${view} not declared` };
    for (const name of declared) deps.model(context.scopes(name), context.scopes(name).allFacets);
  }
  const more = deps.toScopes(context.limits.maxScopes);
  const union = (scopes: readonly Scope[]): readonly Scope[] => [...new Set([...scopes, ...more])];
  return {
    ...plan,
    scopes: union(plan.scopes),
    dependencies: (result) => union(plan.dependencies(result)),
  };
}

function planUnique(
  context: PlanContext,
  operation: ReadOperation,
  model: Model,
  tags: readonly string[],
): ReadPlan {
  const where = operation.args['where'];
  const selection = select(context, operation, model, operation.args);
  return rowsPlan(context, selection, tags, (deps, result) => {
    if (result === null) {
      if (inForce('membership-null')) addMembership(context, deps, { model, where });
      return;
    }
    const fields = new Set<string>();
    addFilterFields(context, deps, model, where, fields);
    const extra = inForce('row-unique-where') ? fields : [];
    if (!isArgs(result)) {
      // Before the result is known: most unique lookups find their row.
      const named = narrow(context, model, pinsOf(context, model, where));
      if (named?.kind !== 'rows') return;
      const facets = facetsOf(selection, {}, extra);
      for (const value of named.values) deps.row(selection.scopes, value, facets, []);
      return;
    }
    addRow(context, deps, selection, result, facetsOf(selection, result, extra));
  });
}

function planList(
  context: PlanContext,
  operation: ReadOperation,
  model: Model,
  tags: readonly string[],
): ReadPlan {
  const first = operation.action !== 'findMany';
  const args = first ? { ...operation.args, take: operation.args['take'] ?? 1 } : operation.args;
  const selection = select(context, operation, model, operation.args);
  return rowsPlan(context, selection, tags, (deps, result) => {
    const order = orderFields(context, deps, model, args['orderBy']);
    const fields = pageFields(context, model, args, order);
    addCursor(context, deps, model, args['cursor'], order);
    const missing = result === null || (Array.isArray(result) && result.length === 0);
    if (!missing || inForce('membership-null')) {
      addMembership(context, deps, { model, where: args['where'], fields });
    }
    const rows = Array.isArray(result) ? result : asList(result ?? undefined);
    addRows(context, deps, selection, rows, inForce('row-order-fields') ? order : []);
  });
}

/**
 * @param collect - adds the dependencies of a result; with undefined, those that the arguments alone tell
 */
function rowsPlan(
  context: PlanContext,
  selection: Selection,
  tags: readonly string[],
  collect: (deps: DependencySet, result: unknown) => void,
): ReadPlan {
  const dependencies = (result: unknown): readonly Scope[] => {
    const deps = new DependencySet();
    for (const tag of tags) deps.tag(tag);
    touchSelection(context, deps, selection);
    collect(deps, result);
    return deps.toScopes(context.limits.maxScopes);
  };
  const scopes = dependencies(undefined);
  const known = context.limits.granularity === 'model';
  return {
    scopes,
    args: selection.args,
    dependencies: known ? () => scopes : (result) => dependencies(result ?? null),
    strip(result) {
      stripAdded(selection, result);
      return result;
    },
  };
}

/** Every model that the selection reaches is read, whether or not this result has rows of it. */
function touchSelection(context: PlanContext, deps: DependencySet, selection: Selection): void {
  deps.touch(selection.scopes);
  for (const { relation, selection: nested, args } of selection.relations) {
    if (relation.join !== undefined) deps.touch(context.scopes(relation.join.model));
    touchSelection(context, deps, nested);
    if (context.limits.granularity !== 'model') continue;
    orderFields(context, deps, nested.model, args['orderBy']);
    addFilterFields(context, deps, nested.model, args['where'], new Set());
    addCursor(context, deps, nested.model, args['cursor'], []);
  }
  for (const { relation, where } of selection.counts) {
    deps.touch(context.scopes(relation.target));
    if (relation.join !== undefined) deps.touch(context.scopes(relation.join.model));
    addFilterFields(context, deps, context.model(relation.target), where, new Set());
  }
}

/** Parts of `aggregate` and `groupBy` whose keys are fields that are computed on. */
const COMPUTED = ['_count', '_sum', '_avg', '_min', '_max', 'select', 'having'];

function planAggregate(
  context: PlanContext,
  operation: ReadOperation,
  model: Model,
  tags: readonly string[],
): ReadPlan {
  const { args } = operation;
  const deps = new DependencySet();
  for (const tag of tags) deps.tag(tag);
  const order = orderFields(context, deps, model, args['orderBy']);
  const fields = pageFields(context, model, args, order);
  if (operation.action === 'groupBy') for (const field of order) fields.add(field);
  if (inForce('aggregate-fields')) {
    for (const field of asList(args['by'])) fields.add(String(field));
    for (const part of COMPUTED) addComputed(model, args[part], fields);
  }
  addCursor(context, deps, model, args['cursor'], order);
  addMembership(context, deps, { model, where: args['where'], fields });
  const scopes = deps.toScopes(context.limits.maxScopes);
  return { scopes, args, dependencies: () => scopes, strip: (result) => result };
}

/** Field names anywhere inside: `{ _sum: { likes: true } }`, `having: { AND: [{ likes: { _avg: { gt: 1 } } }] }`. */
function addComputed(model: Model, part: unknown, fields: Set<string>): void {
  for (const item of asList(part)) {
    if (!isArgs(item)) continue;
    for (const [name, value] of Object.entries(item)) {
      if (model.fields.has(name)) fields.add(name);
      addComputed(model, value, fields);
    }
  }
}

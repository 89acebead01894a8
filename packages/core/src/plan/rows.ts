import type { RelationField } from '../schema/schema.js';
import type { DependencySet } from '../scope/dependency-set.js';
import type { Facet } from '../scope/model-scopes.js';
import type { PlanContext } from './context.js';
import { addFilterFields, addMembership } from './filter.js';
import { partitionTexts, rowText, type Image } from './image.js';
import { addCursor, isPage, orderFields, pageFields } from './order.js';
import { isArgs, type Pins } from './pins.js';
import type { RelationSelection, Selection } from './selection.js';
import { inForce } from '../rules.js';

/** Adds what a row of the result, and everything nested in it, depends on. */
export function addRow(
  context: PlanContext,
  deps: DependencySet,
  selection: Selection,
  row: Image,
  facets: readonly Facet[],
): void {
  const { scopes } = selection;
  const identifier = rowText(context, scopes, row);
  if (identifier === undefined) deps.model(scopes, [...facets, ...scopes.facets([], true)]);
  else deps.row(scopes, identifier, facets, partitionTexts(context, scopes, row));
  for (const nested of selection.relations) addRelated(context, deps, nested, row);
  for (const { relation, where } of selection.counts) {
    if (!inForce('count-membership')) continue;
    addLinked(context, deps, relation, row, where, new Set(), where !== undefined);
  }
}

/** Adds what a list of rows depends on; which rows it has is the caller's to add. */
export function addRows(
  context: PlanContext,
  deps: DependencySet,
  selection: Selection,
  rows: readonly unknown[],
  extra: Iterable<string>,
): void {
  const first = rows[0];
  if (!isArgs(first)) return;
  const facets = facetsOf(selection, first, extra);
  for (const row of rows) addRow(context, deps, selection, row as Image, facets);
}

/** The facets of rows of this shape: a row can show more than was selected (what computed fields need). */
export function facetsOf(
  selection: Selection,
  row: Image,
  extra: Iterable<string> = [],
): readonly Facet[] {
  const { scopes, rowFacets, width } = selection;
  const names = Object.keys(row).filter((name) => !selection.added.includes(name));
  const asSelected = names.length + selection.added.length <= width;
  const more = asSelected
    ? [...extra]
    : [...names.filter((name) => scopes.model.fields.get(name)?.kind === 'scalar'), ...extra];
  if (more.length === 0) return rowFacets;
  return [...new Set([...rowFacets, ...scopes.facets(more, false)])];
}

function addRelated(
  context: PlanContext,
  deps: DependencySet,
  nested: RelationSelection,
  row: Image,
): void {
  const { relation, selection, args } = nested;
  const target = selection.model;
  const value = row[nested.name];
  deps.touch(selection.scopes);
  if (!relation.list) return addRelatedRow(context, deps, nested, row);
  const order = orderFields(context, deps, target, args['orderBy']);
  const page = pageFields(context, target, args, order);
  addCursor(context, deps, target, args['cursor'], order);
  const filtered = isPage(args) || args['where'] !== undefined;
  addLinked(context, deps, relation, row, args['where'], page, filtered);
  const rows = Array.isArray(value) ? value : [];
  addRows(context, deps, selection, rows, inForce('row-order-fields') ? order : []);
}

/** The one row of a to-one relation; its `where` (an optional relation can have one) may hide it. */
function addRelatedRow(
  context: PlanContext,
  deps: DependencySet,
  { name, relation, selection, args }: RelationSelection,
  row: Image,
): void {
  const value = row[name];
  if (!isArgs(value)) {
    return addLinked(context, deps, relation, row, args['where'], new Set(), false);
  }
  const fields = new Set<string>(relation.references);
  addFilterFields(context, deps, selection.model, args['where'], fields);
  addRow(context, deps, selection, value, facetsOf(selection, value, fields));
}

/**
 * Which rows hang on this one by a relation: the partition of the key for a foreign key, the join table's for an implicit
 * many-to-many relation. There, which of the linked rows match (`filtered`) depends on rows that the result may not show.
 */
function addLinked(
  context: PlanContext,
  deps: DependencySet,
  relation: RelationField,
  row: Image,
  where: unknown,
  fields: Set<string>,
  filtered: boolean,
): void {
  const target = context.model(relation.target);
  if (relation.join !== undefined) {
    const pins = new Map([[relation.join.own, [row[relation.fields[0] as string]]]]);
    if (inForce('include-join')) {
      const model = context.model(relation.join.model);
      addMembership(context, deps, { model, where: undefined, pins });
    }
    if (filtered && inForce('include-join-targets')) {
      addMembership(context, deps, { model: target, where, fields });
    }
    return;
  }
  const pins: Pins = new Map(
    relation.references.map((name, index) => [name, [row[relation.fields[index] as string]]]),
  );
  if ([...pins.values()].some(([value]) => value === null)) {
    // No key, no rows: the key itself is among the fields that the row depends on.
    return;
  }
  if (inForce('include-partition')) {
    addMembership(context, deps, { model: target, where, pins, fields });
  }
}

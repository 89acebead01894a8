import { isBoostError } from '../error.js';
import { canonicalText } from '../key/canonical.js';
import type { Model, RelationField } from '../schema/schema.js';
import type { Facet, ModelScopes } from '../scope/model-scopes.js';
import type { PlanContext } from './context.js';
import { isArgs } from './pins.js';
import type { Args, Operation } from './plan.js';
import { inForce } from '../rules.js';

/** What one level of a result shows, and how it was widened so that the scopes of its rows can be known. */
export interface Selection {
  readonly scopes: ModelScopes;
  readonly model: Model;
  /** The arguments of this level with `select`, `include` and `omit` widened; the same object when nothing was added. */
  readonly args: Args;
  readonly relations: readonly RelationSelection[];
  readonly counts: readonly RelationCount[];
  /** Scalars in the rows that the caller did not ask for: removed from the result. */
  readonly added: readonly string[];
  /** Whether this level or one below it has something to remove. */
  readonly widened: boolean;
  /** Facets of a row as this level shows it, the keys that its relations hang on included. */
  readonly rowFacets: readonly Facet[];
  /** How many properties a row has when nothing but the selection decides. */
  readonly width: number;
}

export interface RelationSelection {
  readonly name: string;
  readonly relation: RelationField;
  readonly selection: Selection;
  /** The nested arguments: `where`, `orderBy`, `take`, …; empty for `true`. */
  readonly args: Args;
}

export interface RelationCount {
  readonly relation: RelationField;
  readonly where: unknown;
}

const NONE: Args = {};
/** Selections kept per context: more shapes than an application has, fewer than would weigh on an isolate. */
const MAX_COMPILED = 1_000;

/**
 * Compiles `select`, `include` and `omit` of one level and of those below it; the same text is compiled once.
 *
 * @param image - own fields that have to be in the rows beside the identifier and the tracked keys
 */
export function select(
  context: PlanContext,
  operation: Operation,
  model: Model,
  args: Args,
  image: readonly string[] = [],
): Selection {
  const compiled = compileOnce(context, operation, model, args, image);
  return compiled.args === NONE
    ? { ...compiled, args }
    : { ...compiled, args: { ...args, ...compiled.args } };
}

function compileOnce(
  context: PlanContext,
  operation: Operation,
  model: Model,
  args: Args,
  image: readonly string[],
): Selection {
  const key = selectionKey(operation, model, args, image);
  if (key === null) return compile(context, operation, model, args, image);
  const { selections } = context;
  let selection = selections.get(key);
  if (selection === undefined) {
    selection = compile(context, operation, model, args, image);
    if (selections.size >= MAX_COMPILED) selections.clear();
    selections.set(key, selection);
  }
  return selection;
}

/** Null where a nested argument has no canonical text: such a selection is compiled each time. */
function selectionKey(
  { omit: byClient, needs }: Operation,
  model: Model,
  { select: chosen, include, omit }: Args,
  image: readonly string[],
): string | null {
  try {
    return `${model.name} ${canonicalText({ chosen, include, omit, byClient, needs, image })}`;
  } catch (error) {
    if (isBoostError(error, 'BOOST_VALUE_UNSUPPORTED')) return null;
    throw error;
  }
}

/** `args` of what it returns: only what has to replace the caller's. */
function compile(
  context: PlanContext,
  operation: Operation,
  model: Model,
  args: Args,
  image: readonly string[],
): Selection {
  const scopes = context.scopes(model.name);
  const chosen = isArgs(args['select']) ? args['select'] : undefined;
  const included = isArgs(args['include']) ? args['include'] : NONE;
  const shown = shownScalars(operation, scopes, args, chosen);
  const relations = nestedSelections(context, operation, model, chosen ?? included);
  const counts = countSelections(model, (chosen ?? included)['_count']);
  const keyFields = new Set<string>();
  if (inForce('row-relation-keys')) {
    for (const { relation } of [...relations, ...counts]) {
      for (const field of relation.fields) keyFields.add(field);
    }
  }
  const present = new Set(shown);
  const needs = operation.needs?.[model.name] ?? [];
  const added: string[] = [];
  // Prisma refuses a `select` that chooses nothing: it must not become one that chooses something.
  const refused = chosen !== undefined && !Object.values(chosen).some(isChosen);
  if (scopes.granularity !== 'model' && !refused) {
    for (const field of [...scopes.imageFields, ...keyFields, ...image]) {
      if (present.has(field)) continue;
      present.add(field);
      added.push(field);
    }
  }
  return {
    scopes,
    model,
    args: widen(args, chosen, added, relations),
    relations,
    counts,
    added: added.filter((field) => !needs.includes(field)),
    widened: added.length > 0 || relations.some(({ selection }) => selection.widened),
    rowFacets: [
      ...scopes.facets([...shown, ...needs, ...keyFields], inForce('row-existence')),
      ...(inForce('row-place') ? scopes.place : []),
    ],
    width: present.size + relations.length + (counts.length > 0 ? 1 : 0),
  };
}

function shownScalars(
  operation: Operation,
  scopes: ModelScopes,
  args: Args,
  chosen: Args | undefined,
): readonly string[] {
  if (chosen !== undefined) {
    return scopes.visibleNames.filter((name) => isChosen(chosen[name]));
  }
  const omitted = isArgs(args['omit']) ? args['omit'] : NONE;
  const byClient = operation.omit?.[scopes.name];
  if (omitted === NONE && byClient === undefined) return scopes.visibleNames;
  return scopes.visibleNames.filter((name) => !(omitted[name] ?? byClient?.[name] ?? false));
}

/** `Prisma.skip` is neither. */
function isChosen(value: unknown): boolean {
  return value === true || isArgs(value);
}

function nestedSelections(
  context: PlanContext,
  operation: Operation,
  model: Model,
  nested: Args,
): readonly RelationSelection[] {
  const relations: RelationSelection[] = [];
  for (const relation of model.relations) {
    const value = nested[relation.name];
    if (!isChosen(value)) continue;
    const args = isArgs(value) ? value : NONE;
    const selection = select(context, operation, context.model(relation.target), args);
    relations.push({ name: relation.name, relation, selection, args });
  }
  return relations;
}

function countSelections(model: Model, value: unknown): readonly RelationCount[] {
  if (!isChosen(value)) return [];
  const chosen = isArgs(value) && isArgs(value['select']) ? value['select'] : undefined;
  return model.relations
    .filter(({ name, list }) => list && (chosen === undefined || isChosen(chosen[name])))
    .map((relation) => {
      const filter = chosen?.[relation.name];
      return { relation, where: isArgs(filter) ? filter['where'] : undefined };
    });
}

function widen(
  args: Args,
  chosen: Args | undefined,
  added: readonly string[],
  relations: readonly RelationSelection[],
): Args {
  const nested: Record<string, unknown> = {};
  for (const { name, selection, args: own } of relations) {
    if (selection.args !== own) nested[name] = selection.args;
  }
  if (added.length === 0 && Object.keys(nested).length === 0) return NONE;
  if (chosen !== undefined) {
    const fields = Object.fromEntries(added.map((name) => [name, true]));
    return { select: { ...chosen, ...fields, ...nested } };
  }
  const widened: Record<string, unknown> = {};
  if (added.length > 0) {
    const shown = Object.fromEntries(added.map((name) => [name, false]));
    widened['omit'] = { ...(args['omit'] as Args | undefined), ...shown };
  }
  if (Object.keys(nested).length > 0) {
    widened['include'] = { ...(args['include'] as Args | undefined), ...nested };
  }
  return widened;
}

/** Removes from a result, in place, what the selection added to it. */
export function stripAdded(selection: Selection, result: unknown): void {
  if (!selection.widened || typeof result !== 'object' || result === null) return;
  if (Array.isArray(result)) {
    for (const row of result) stripAdded(selection, row);
    return;
  }
  const row = result as Record<string, unknown>;
  for (const field of selection.added) delete row[field];
  for (const { name, selection: nested } of selection.relations) stripAdded(nested, row[name]);
}

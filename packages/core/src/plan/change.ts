import type { Model } from '../schema/schema.js';
import type { BumpSet } from '../scope/bump-set.js';
import type { Facet, ModelScopes } from '../scope/model-scopes.js';
import type { PlanContext } from './context.js';
import { keyText, rowText, type Image } from './image.js';
import { inForce } from '../rules.js';

/**
 * A change of one row, or of all rows that an image matches: the fields that are known of them. A field that the image does
 * not have is unknown, and unknown is always the coarser scope.
 */
export interface Update {
  readonly before: Image;
  readonly after: Image;
  /** Fields that the update sets; `@updatedAt` fields are added where it is bumped. */
  readonly fields: ReadonlySet<string>;
}

/** A row came to be. No read can show it yet: what changes is which rows there are. */
export function bumpCreated(
  context: PlanContext,
  bumps: BumpSet,
  model: Model,
  after: Image,
): void {
  const scopes = context.scopes(model.name);
  const existence = scopes.facets([], true);
  bumpModel(bumps, scopes, existence);
  const row = rowText(context, scopes, after);
  if (row !== undefined) bumps.row(scopes, row, existence);
  else if (inForce('bump-unknown-identifier')) bumps.unknownIdentifier(scopes);
  for (const by of scopes.partitionings) {
    const value = keyText(context, model, by.key, after);
    if (value !== undefined) bumps.partition(scopes, by, value, existence);
    else if (inForce('bump-generated-unknown')) bumps.unknownPartition(scopes, by);
  }
}

/** Rows went away; what their referential actions reach is `cascade.ts`'s. */
export function bumpDeleted(
  context: PlanContext,
  bumps: BumpSet,
  model: Model,
  before: Image,
): void {
  const scopes = context.scopes(model.name);
  const existence = scopes.facets([], true);
  if (isNamed(context, scopes, before)) bumpModel(bumps, scopes, existence);
  bumpNamedRows(context, bumps, scopes, before, existence);
  for (const by of scopes.partitionings) {
    const value = keyText(context, model, by.key, before);
    if (value !== undefined && inForce('bump-partition-before')) {
      bumps.partition(scopes, by, value, existence);
    } else if (value === undefined && inForce('bump-unknown-partition')) {
      bumps.unknownPartition(scopes, by);
    }
  }
}

/** Rows changed, perhaps moved between partitions, perhaps their identifier; referential actions are `cascade.ts`'s. */
export function bumpUpdated(
  context: PlanContext,
  bumps: BumpSet,
  model: Model,
  update: Update,
): void {
  const { before, after } = update;
  const scopes = context.scopes(model.name);
  const fields = new Set(update.fields);
  if (inForce('bump-updated-at')) for (const field of model.updatedAt) fields.add(field);
  const facets = scopes.updateFacets(fields);
  const moved = [...new Set([...facets, ...scopes.facets([], true)])];
  const changes = (key: readonly string[]): boolean => key.some((field) => fields.has(field));
  if (isNamed(context, scopes, before)) bumpModel(bumps, scopes, facets);
  if (scopes.identifier !== null && changes(scopes.identifier)) {
    if (inForce('bump-identifier-change')) {
      bumpNamedRows(context, bumps, scopes, before, moved);
      const row = rowText(context, scopes, after);
      if (row !== undefined) bumps.row(scopes, row, moved);
      else bumps.unknownIdentifier(scopes);
      bumpModel(bumps, scopes, moved);
    }
  } else {
    bumpNamedRows(context, bumps, scopes, before, facets);
  }
  for (const by of scopes.partitionings) {
    const from = keyText(context, model, by.key, before);
    const to = changes(by.key) ? keyText(context, model, by.key, after) : from;
    if (from === undefined ? inForce('bump-unknown-partition') : inForce('bump-partition-before')) {
      if (from === undefined) bumps.unknownPartition(scopes, by);
      else bumps.partition(scopes, by, from, from === to ? facets : moved);
    }
    if (to === from || !inForce('bump-partition-after')) continue;
    if (!inForce('bump-moved-key-destination') && to === 'null') continue;
    if (to === undefined) bumps.unknownPartition(scopes, by);
    else bumps.partition(scopes, by, to, moved);
  }
}

/** Rows that are not named change what reads of the whole model show just the same. */
function isNamed(context: PlanContext, scopes: ModelScopes, image: Image): boolean {
  return inForce('bump-imprecise-model-facets') || rowText(context, scopes, image) !== undefined;
}

function bumpModel(bumps: BumpSet, scopes: ModelScopes, facets: readonly Facet[]): void {
  if (inForce('bump-model-facets') || scopes.granularity === 'model') bumps.model(scopes, facets);
}

/**
 * The rows themselves: by identifier; else as an imprecise change of the narrowest partition that all of them are in; else of
 * the model.
 */
function bumpNamedRows(
  context: PlanContext,
  bumps: BumpSet,
  scopes: ModelScopes,
  image: Image,
  facets: readonly Facet[],
): void {
  const row = rowText(context, scopes, image);
  if (row !== undefined) {
    if (inForce('bump-row')) bumps.row(scopes, row, facets);
    return;
  }
  let best: { by: (typeof scopes.partitionings)[number]; value: string } | undefined;
  for (const by of scopes.partitionings) {
    const value = keyText(context, scopes.model, by.key, image);
    if (value === undefined || !by.reachable) continue;
    if (best === undefined || (by.unique && !best.by.unique)) best = { by, value };
  }
  if (best === undefined) {
    bumps.imprecise(scopes);
    return;
  }
  bumps.imprecisePartition(scopes, best.by, best.value);
  if (inForce('bump-unknown-identifier')) bumps.unknownIdentifier(scopes);
}

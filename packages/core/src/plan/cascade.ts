import type { Model, ReferentialAction } from '../schema/schema.js';
import type { BumpSet } from '../scope/bump-set.js';
import { bumpDeleted, bumpUpdated, type Update } from './change.js';
import { ofEmulated } from './combinations.js';
import type { PlanContext } from './context.js';
import { defaultImage } from './data.js';
import type { Image } from './image.js';
import { referencesTo, type IncomingReference } from './references.js';
import { inForce, type Rule } from '../rules.js';

/** Rows are deleted, and with them what their referential actions reach. */
export function bumpDeletion(
  context: PlanContext,
  bumps: BumpSet,
  model: Model,
  before: Image,
): void {
  bumpDeleted(context, bumps, model, before);
  for (const reference of referencesTo(context.schema, model.name)) {
    if (reference.join && !inForce('cascade-join')) continue;
    actOn(context, bumps, reference, reference.onDelete, before, {});
  }
}

/** Rows are updated, and with them what refers to a key that changes. */
export function bumpUpdate(
  context: PlanContext,
  bumps: BumpSet,
  model: Model,
  update: Update,
): void {
  bumpUpdated(context, bumps, model, update);
  for (const reference of referencesTo(context.schema, model.name)) {
    if (!reference.references.some((field) => update.fields.has(field))) continue;
    if (!inForce('cascade-update')) continue;
    const { onUpdate } = reference;
    // A cascading update moves the rows to the new key; a cascading delete would remove them.
    if (onUpdate === 'Cascade') {
      const to = keyImage(reference, update.after);
      moveRows(context, bumps, reference, keyImage(reference, update.before), to);
    } else {
      actOn(context, bumps, reference, onUpdate, update.before, update.after);
    }
  }
}

const RULES: Partial<Record<ReferentialAction, Rule>> = {
  Cascade: 'cascade-delete',
  SetNull: 'cascade-set-null',
  SetDefault: 'cascade-set-default',
};

function actOn(
  context: PlanContext,
  bumps: BumpSet,
  reference: IncomingReference,
  action: ReferentialAction,
  before: Image,
  after: Image,
): void {
  const rule = RULES[action];
  if (rule === undefined || !inForce(rule)) return;
  const child = context.model(reference.model);
  const rows = keyImage(reference, before);
  if (action === 'SetNull') {
    const nulls = Object.fromEntries(reference.fields.map((field) => [field, null]));
    moveRows(context, bumps, reference, rows, nulls);
  } else if (action === 'SetDefault') {
    moveRows(context, bumps, reference, rows, {
      ...after,
      ...defaultImage(child, reference.fields),
    });
  } else {
    bumpDeleted(context, bumps, child, ofEmulated(context, child, rows));
    if (inForce('cascade-deep')) bumpReached(context, bumps, child.name, 'delete');
  }
}

/** The key of the rows that refer changes from `from` to `to`; unknown where a field is missing. */
function moveRows(
  context: PlanContext,
  bumps: BumpSet,
  reference: IncomingReference,
  from: Image,
  to: Image,
): void {
  const child = context.model(reference.model);
  const fields = new Set(reference.fields);
  const before = ofEmulated(context, child, from);
  bumpUpdated(context, bumps, child, { before, after: to, fields });
  if (inForce('cascade-deep')) bumpReached(context, bumps, child.name, reference.fields);
}

/** The known part of the key that refers to a row with this image. */
function keyImage(reference: IncomingReference, image: Image): Image {
  const key: Record<string, unknown> = {};
  reference.references.forEach((name, index) => {
    if (image[name] !== undefined) key[reference.fields[index] as string] = image[name];
  });
  return key;
}

/**
 * Below the first level no keys are known: every model that the actions can reach from there changes imprecisely. Follows
 * self-relations and cycles to their end.
 *
 * @param change - `delete`, or the fields whose values change
 */
export function bumpReached(
  context: PlanContext,
  bumps: BumpSet,
  model: string,
  change: 'delete' | readonly string[],
): void {
  const seen = new Set<string>();
  const visit = (name: string, what: 'delete' | readonly string[]): void => {
    const mark = `${name} ${what === 'delete' ? what : what.join()}`;
    if (seen.has(mark)) return;
    seen.add(mark);
    for (const reference of referencesTo(context.schema, name)) {
      if (what !== 'delete' && !reference.references.some((field) => what.includes(field)))
        continue;
      const action = what === 'delete' ? reference.onDelete : reference.onUpdate;
      if (action === 'NoAction' || action === 'Restrict') continue;
      bumps.imprecise(context.scopes(reference.model));
      const deletes = what === 'delete' && action === 'Cascade';
      visit(reference.model, deletes ? 'delete' : reference.fields);
    }
  };
  visit(model, change);
}

/** Every model that a change of any kind to these models can reach by referential actions, themselves included. */
export function bumpModels(context: PlanContext, bumps: BumpSet, models: Iterable<string>): void {
  for (const model of models) {
    bumps.imprecise(context.scopes(model));
    bumpReached(context, bumps, model, 'delete');
    bumpReached(context, bumps, model, context.scopes(model).visibleNames);
  }
}

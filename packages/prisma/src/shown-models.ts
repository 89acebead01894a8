import { isPlainObject, type Args, type Schema } from '@boost/core';

/** Names of the models whose rows a result shows: its own, and those that `select` and `include` reach. */
export function shownModels(
  schema: Schema,
  model: string,
  args: Args,
  found: Set<string> = new Set(),
): Set<string> {
  found.add(model);
  const nested = args['select'] ?? args['include'];
  if (!isPlainObject(nested)) return found;
  for (const [name, value] of Object.entries(nested)) {
    if (!value) continue;
    const field = schema.model(model).fields.get(name);
    if (field?.kind !== 'relation') continue;
    shownModels(schema, field.target, isPlainObject(value) ? value : {}, found);
  }
  return found;
}

const related = new WeakMap<Schema, Map<string, readonly string[]>>();

/** Names of the models and join tables that a nested write on `model` can reach through any relations. */
export function relatedModels(schema: Schema, model: string): readonly string[] {
  let ofSchema = related.get(schema);
  if (ofSchema === undefined)
    related.set(schema, (ofSchema = new Map<string, readonly string[]>()));
  let names = ofSchema.get(model);
  if (names === undefined) ofSchema.set(model, (names = [...reach(schema, model)]));
  return names;
}

function reach(schema: Schema, model: string, found: Set<string> = new Set()): Set<string> {
  if (found.has(model)) return found;
  found.add(model);
  for (const { target, join } of schema.model(model).relations) {
    if (join !== undefined) found.add(join.model);
    reach(schema, target, found);
  }
  return found;
}

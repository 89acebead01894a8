import { canonicalText } from '../key/canonical.js';
import { partitionValue } from '../schema/partitionable.js';
import type { Model, ScalarField } from '../schema/schema.js';
import type { ModelScopes } from '../scope/model-scopes.js';
import type { PlanContext } from './context.js';
import { tupleText } from './pins.js';

/** What is known of a row: fields that are not there are unknown. */
export type Image = Readonly<Record<string, unknown>>;

/** The text of a tracked key's value; undefined where the image does not tell. */
export function keyText(
  context: PlanContext,
  model: Model,
  key: readonly string[],
  image: Image | undefined,
): string | undefined {
  if (image === undefined) return undefined;
  const texts: string[] = [];
  for (const name of key) {
    const field = model.fields.get(name);
    if (image[name] === undefined || field?.kind !== 'scalar') return undefined;
    const text = partitionValue(context.schema, field, image[name]);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return tupleText(texts);
}

/**
 * The text that names a row by its identifier, from an image that the database returned: where the database's equality cannot
 * be told from the value, the stored value itself still names the row.
 */
export function rowText(
  context: PlanContext,
  scopes: ModelScopes,
  image: Image | undefined,
): string | undefined {
  if (image === undefined || scopes.identifier === null) return undefined;
  const texts: string[] = [];
  for (const name of scopes.identifier) {
    const value = image[name];
    if (value === undefined) return undefined;
    const field = scopes.model.fields.get(name) as ScalarField;
    texts.push(partitionValue(context.schema, field, value) ?? canonicalText(value));
  }
  return tupleText(texts);
}

/** The values of the model's tracked keys in a row, by position in `ModelScopes.partitionings`. */
export function partitionTexts(
  context: PlanContext,
  scopes: ModelScopes,
  image: Image | undefined,
): readonly (string | undefined)[] {
  return scopes.partitionings.map((by) => keyText(context, scopes.model, by.key, image));
}

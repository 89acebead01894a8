import { partitionValue } from '../schema/partitionable.js';
import type { Model } from '../schema/schema.js';
import type { PlanContext } from './context.js';
import type { Image } from './image.js';
import { asList, isArgs, pinsOf } from './pins.js';
import type { Args } from './plan.js';
import { referencesTo } from './references.js';

/** What a `data` argument tells of the row afterwards: plain values and `{ set }`, and keys given by `connect`. */
export function imageOfData(context: PlanContext, model: Model, data: Args): Image {
  const image: Record<string, unknown> = {};
  for (const field of model.scalars) {
    const value = data[field.name];
    if (value === undefined) continue;
    const set = isArgs(value) && 'set' in value ? value['set'] : value;
    if (partitionValue(context.schema, field, set) !== undefined) image[field.name] = set;
  }
  const given = model.relations.filter(({ side, name }) => side === 'key' && isArgs(data[name]));
  for (const relation of given) {
    const nested = data[relation.name] as Args;
    const target = context.model(relation.target);
    // Beside another operation on the relation, which of them has the last word is Prisma's.
    const alone = Object.entries(nested).every(
      ([name, value]) => name === 'connect' || value === undefined,
    );
    const connected =
      alone && isArgs(nested['connect']) ? imageOfWhere(context, target, nested['connect']) : {};
    relation.fields.forEach((name, index) => {
      const value = connected[relation.references[index] as string];
      // Of two relations that share a field the database says which one sets it.
      const shared = given.some((other) => other !== relation && other.fields.includes(name));
      if (value !== undefined && !shared) image[name] = value;
    });
  }
  return image;
}

/** The row that a create makes: as `imageOfData`, with static defaults and nulls where the data says nothing. */
export function imageOfCreate(context: PlanContext, model: Model, data: Args): Image {
  const given = model.scalars
    .filter(({ name }) => data[name] !== undefined)
    .map(({ name }) => name);
  const byRelation = model.relations
    .filter(({ side, name }) => side === 'key' && data[name] !== undefined)
    .flatMap(({ fields }) => fields);
  const unsaid = model.scalars
    .map(({ name }) => name)
    .filter((name) => !given.includes(name) && !byRelation.includes(name));
  return { ...defaultImage(model, unsaid), ...imageOfData(context, model, data) };
}

/** What these fields hold when nothing is said of them: a static default, null; nothing is known of generated values. */
export function defaultImage(model: Model, fields: readonly string[]): Image {
  const image: Record<string, unknown> = {};
  for (const name of fields) {
    const field = model.fields.get(name);
    if (field?.kind !== 'scalar' || field.updatedAt) continue;
    if (field.default.kind === 'static') image[name] = field.default.value;
    else if (field.default.kind === 'none' && field.nullable) image[name] = null;
  }
  return image;
}

/** What a `where` tells of every row that it matches: fields held to a single value. */
export function imageOfWhere(context: PlanContext, model: Model, where: unknown): Image {
  const image: Record<string, unknown> = {};
  for (const [name, values] of pinsOf(context, model, where)) {
    const field = model.fields.get(name);
    if (values.length !== 1 || field?.kind !== 'scalar') continue;
    const [value] = values;
    if (partitionValue(context.schema, field, value) !== undefined) image[name] = value;
  }
  return image;
}

/** Relation operations on the side that holds the key which change the key. */
const KEY_OPERATIONS = ['create', 'connect', 'connectOrCreate', 'disconnect', 'delete', 'upsert'];

/** The scalar fields that a `data` argument sets, the keys that its relation operations move included. */
export function fieldsOfData(model: Model, data: Args): Set<string> {
  const fields = new Set<string>();
  for (const [name, value] of Object.entries(data)) {
    if (value === undefined) continue;
    const field = model.fields.get(name);
    if (field?.kind === 'scalar') fields.add(name);
    if (field?.kind !== 'relation' || field.side !== 'key' || !isArgs(value)) continue;
    if (KEY_OPERATIONS.some((operation) => value[operation] !== undefined)) {
      for (const key of field.fields) fields.add(key);
    }
  }
  return fields;
}

/** Whether Prisma makes several statements of the write that do not wait for one another: nested writes, and rows in parts. */
export function isComposite(model: Model, { data, create, update }: Args): boolean {
  const given = [...asList(data), ...asList(create), ...asList(update)].filter(isArgs);
  if (Array.isArray(data) && given.length > 1) return true;
  return given.some((own) => model.relations.some(({ name }) => own[name] !== undefined));
}

/** Nested operations that change rows which exist. */
const UPDATES = ['update', 'updateMany', 'upsert'];

/**
 * Whether a nested write sets a field that rows are named or referred to by. By cascades, and through cycles of relations, it may
 * then change keys of rows on the way: what the write returns does not tell what they were.
 */
export function movesKeys(context: PlanContext, model: Model, data: unknown): boolean {
  return model.relations.some((relation) => {
    const operations = isArgs(data) ? data[relation.name] : undefined;
    if (!isArgs(operations)) return false;
    const target = context.model(relation.target);
    const keys = new Set([
      ...(target.identifier?.fields ?? []),
      ...referencesTo(context.schema, target.name).flatMap(({ references }) => references),
    ]);
    return Object.entries(operations).some(([operation, items]) =>
      asList(items).some((item) => {
        const nested = nestedData(item);
        const sets =
          UPDATES.includes(operation) &&
          nested.some((own) =>
            Object.keys(own).some((field) => keys.has(field) && own[field] !== undefined),
          );
        return sets || nested.some((own) => movesKeys(context, target, own));
      }),
    );
  });
}

/** Wherever a nested operation may carry data: itself, or under the names that Prisma gives it. */
function nestedData(item: unknown): Args[] {
  if (!isArgs(item)) return [];
  const { data, create, update } = item;
  return [item, ...asList(data), ...asList(create), ...asList(update)].filter(isArgs);
}

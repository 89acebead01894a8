import type { Model, RelationField } from '../schema/schema.js';
import type { BumpSet } from '../scope/bump-set.js';
import { bumpDeletion, bumpUpdate } from './cascade.js';
import { bumpCreated } from './change.js';
import { isCombined, ofCombinations } from './combinations.js';
import type { PlanContext } from './context.js';
import { fieldsOfData, imageOfCreate, imageOfData, imageOfWhere } from './data.js';
import type { Image } from './image.js';
import { asList, isArgs } from './pins.js';
import type { Args } from './plan.js';
import { inForce } from '../rules.js';

/** What is known of the row that a `data` argument is about. */
export interface DataRow {
  /** Absent for a create. */
  readonly before?: Image;
  readonly after: Image;
  /** Fields that the write sets; empty for a create. */
  readonly changed: ReadonlySet<string>;
  /**
   * What the row is held to by the write's own `where`. Prisma reads a row before it writes what hangs on it, and returns the row
   * as it is afterwards: in between another writer can have moved it, and its keys led elsewhere.
   */
  readonly held: Image;
}

/** One relation in a `data` argument, seen from the row that the data is about: the near row. */
interface Nested {
  readonly context: PlanContext;
  readonly bumps: BumpSet;
  readonly near: Model;
  readonly row: DataRow;
  readonly relation: RelationField;
  readonly target: Model;
  /**
   * Whether nothing else in this `data` sets the relation's key, neither another operation on it nor another relation that shares
   * a field of it: then the key leads to the row that the operation is about.
   */
  readonly alone: boolean;
}

/** Adds what the nested writes of a `data` argument change, to any depth. */
export function bumpNested(
  context: PlanContext,
  bumps: BumpSet,
  near: Model,
  data: Args,
  row: DataRow,
): void {
  for (const relation of near.relations) {
    const operations = data[relation.name];
    if (!isArgs(operations)) continue;
    const target = context.model(relation.target);
    const given = Object.entries(operations).filter(
      ([, value]) => value !== undefined && value !== false,
    );
    const alone = given.length === 1 && !sharesKey(near, data, relation);
    const nested: Nested = { context, bumps, near, row, relation, target, alone };
    for (const [name, value] of given) {
      if (name === 'set') detachAll(nested);
      const items = asList(value);
      const several = items.length > 1;
      for (const item of items) bumpOperation(nested, name, isArgs(item) ? item : {}, several);
    }
  }
}

/** Whether another relation in the `data` holds a field of this one's key as well: which of them sets it is the database's. */
function sharesKey(near: Model, data: Args, relation: RelationField): boolean {
  return near.relations.some(
    (other) =>
      other !== relation &&
      other.side === 'key' &&
      relation.side === 'key' &&
      data[other.name] !== undefined &&
      other.fields.some((field) => relation.fields.includes(field)),
  );
}

/** @param several - whether it is one of several items, which Prisma may turn into one statement */
function bumpOperation(nested: Nested, operation: string, args: Args, several: boolean): void {
  switch (operation) {
    case 'create':
      return create(nested, args);
    case 'createMany':
      for (const data of asList(args['data'])) if (isArgs(data)) create(nested, data);
      return;
    case 'connect':
    case 'set':
      return connect(nested, named(nested, args, several));
    case 'connectOrCreate':
      connect(nested, named(nested, args['where'], false));
      return create(nested, isArgs(args['create']) ? args['create'] : {});
    case 'disconnect':
      return disconnect(nested, args, several);
    case 'update':
    case 'updateMany':
      for (const [where, data] of readingsOf(nested, args)) {
        update(nested, where, data, operation === 'updateMany');
      }
      return;
    case 'upsert':
      create(nested, isArgs(args['create']) ? args['create'] : {});
      return update(nested, args['where'], args['update'], false);
    case 'delete':
      return remove(nested, named(nested, args, several), several);
    case 'deleteMany':
      return remove(nested, named(nested, args, false), true);
    default:
      return bumpUnknown(nested);
  }
}

/** An operation that this version does not know may change anything of both models. */
function bumpUnknown({ context, bumps, near, target, relation }: Nested): void {
  bumps.imprecise(context.scopes(target.name));
  bumps.imprecise(context.scopes(near.name));
  if (relation.join !== undefined) bumps.imprecise(context.scopes(relation.join.model));
}

/** What the near row tells of the foreign key of rows that hang on it. Nothing where a write moves that key. */
function inverseKey({ near, relation, row }: Nested): Image {
  const image: Record<string, unknown> = {};
  if (relation.side !== 'inverse') return image;
  relation.references.forEach((name, index) => {
    const own = relation.fields[index] as string;
    // A row whose identifier another writer has changed is not found again, and the write fails.
    const isIdentifier = near.identifier?.fields.includes(own) ?? false;
    const isCertain = row.before === undefined || isIdentifier || !inForce('hold-near-row');
    const value = (isCertain ? row.after : row.held)[own];
    if (value !== undefined && value !== null && !row.changed.has(own)) image[name] = value;
  });
  return image;
}

/** What a foreign key that the near row is held to tells of the row that it leads to before the write. */
function targetKey({ relation, alone, row }: Nested): Image {
  const image: Record<string, unknown> = {};
  if (relation.side !== 'key' || !alone) return image;
  const near = inForce('hold-near-row') ? row.held : row.after;
  relation.references.forEach((name, index) => {
    const value = near[relation.fields[index] as string];
    if (value !== undefined && value !== null) image[name] = value;
  });
  return image;
}

function create(nested: Nested, data: Args): void {
  const { context, bumps, relation, target } = nested;
  const own = imageOfCreate(context, target, data);
  // Through the near row the new row gets a key that its own data does not have: known, or not known, but no default.
  const after =
    relation.side === 'inverse'
      ? { ...without(own, relation.references), ...inverseKey(nested) }
      : own;
  if (inForce('nested-create')) bumpCreated(context, bumps, target, after);
  bumpNested(context, bumps, target, data, { after, changed: new Set(), held: {} });
  if (relation.side === 'join') link(nested, own);
  else displaceLinked(nested);
}

/** What is known of a row that an operation names: of several named in one statement, nothing where these are combinations. */
function named({ context, target }: Nested, where: unknown, several: boolean): Image {
  const image = imageOfWhere(context, target, where);
  return several && isCombined(context, target) ? {} : image;
}

function connect(nested: Nested, image: Image): void {
  const { context, bumps, relation, target } = nested;
  if (relation.side === 'join') return link(nested, image);
  if (relation.side === 'key') return displaceHolder(nested, image);
  displaceLinked(nested);
  if (!inForce('nested-connect')) return;
  const before = without(image, relation.references);
  bumpUpdate(context, bumps, target, {
    before,
    after: { ...before, ...inverseKey(nested) },
    fields: new Set(relation.references),
  });
}

function disconnect(nested: Nested, where: Args, several: boolean): void {
  const image = named(nested, where, several);
  if (nested.relation.side === 'join') unlink(nested, image);
  else if (inForce('nested-disconnect')) detach(nested, image, several);
}

/** `set` replaces all links, also by none. */
function detachAll(nested: Nested): void {
  if (nested.relation.side === 'join') unlink(nested, {});
  else if (inForce('nested-set')) detach(nested, {}, true);
}

/** Rows that hang on the near row lose their key; a key that the near row holds is the near row's own change. */
function detach(nested: Nested, image: Image, several: boolean): void {
  const { context, bumps, relation, target } = nested;
  if (relation.side !== 'inverse') return;
  const before = { ...image, ...inverseKey(nested) };
  bumpUpdate(context, bumps, target, {
    before: several ? ofCombinations(target, before) : before,
    after: nulls(relation.references),
    fields: new Set(relation.references),
  });
}

/** In a one-to-one relation the row that hung on the near row until now loses its key to the new one. */
function displaceLinked(nested: Nested): void {
  const { relation, row } = nested;
  if (relation.list || row.before === undefined || !inForce('displaced-one-to-one')) return;
  detach(nested, {}, false);
}

/** In a one-to-one relation whose key the near row holds, another row that held the same key loses it. */
function displaceHolder(
  { context, bumps, near, relation, target }: Nested,
  connected: Image,
): void {
  const inverse = target.fields.get(relation.inverse);
  if (inverse?.kind !== 'relation' || inverse.list || !inForce('displaced-one-to-one')) return;
  const before: Record<string, unknown> = {};
  relation.references.forEach((name, index) => {
    if (connected[name] !== undefined) before[relation.fields[index] as string] = connected[name];
  });
  const fields = new Set(relation.fields);
  bumpUpdate(context, bumps, near, { before, after: nulls(relation.fields), fields });
}

/**
 * What an update's argument can mean: `{ where, data }`, or in a to-one relation the data itself. Where the related model has a
 * field named `data`, it can mean both.
 */
function readingsOf({ relation, target }: Nested, args: Args): [where: unknown, data: unknown][] {
  const wrapped: [unknown, unknown] = [args['where'], args['data']];
  if (relation.list) return [wrapped];
  if (args['data'] === undefined) return [[undefined, args]];
  return target.fields.has('data') ? [wrapped, [undefined, args]] : [wrapped];
}

function update(nested: Nested, where: unknown, data: unknown, many: boolean): void {
  const { context, bumps, target } = nested;
  if (!isArgs(data)) return;
  const image = imageOfWhere(context, target, where);
  const reached = { ...image, ...inverseKey(nested), ...targetKey(nested) };
  const before = many ? ofCombinations(target, reached) : reached;
  const changed = fieldsOfData(target, data);
  const after = { ...without(before, [...changed]), ...imageOfData(context, target, data) };
  if (inForce('nested-update'))
    bumpUpdate(context, bumps, target, { before, after, fields: changed });
  bumpNested(context, bumps, target, data, { before, after, changed, held: {} });
}

function remove(nested: Nested, image: Image, many: boolean): void {
  const { context, bumps, target } = nested;
  if (!inForce('nested-delete')) return;
  const reached = { ...image, ...inverseKey(nested), ...targetKey(nested) };
  bumpDeletion(context, bumps, target, many ? ofCombinations(target, reached) : reached);
}

function link(nested: Nested, related: Image): void {
  if (!inForce('nested-join')) return;
  bumpCreated(nested.context, nested.bumps, joinModel(nested), joinImage(nested, related));
}

function unlink(nested: Nested, related: Image): void {
  if (!inForce('nested-join')) return;
  bumpDeletion(nested.context, nested.bumps, joinModel(nested), joinImage(nested, related));
}

function joinModel({ context, relation }: Nested): Model {
  return context.model(relation.join?.model ?? '');
}

function joinImage({ relation, row }: Nested, related: Image): Image {
  const image: Record<string, unknown> = {};
  if (relation.join === undefined) return image;
  const near = relation.fields[0] as string;
  const other = related[relation.references[0] as string];
  if (row.after[near] !== undefined && !row.changed.has(near)) {
    image[relation.join.own] = row.after[near];
  }
  if (other !== undefined) image[relation.join.other] = other;
  return image;
}

function nulls(fields: readonly string[]): Image {
  return Object.fromEntries(fields.map((field) => [field, null]));
}

function without(image: Image, fields: readonly string[]): Image {
  return Object.fromEntries(Object.entries(image).filter(([name]) => !fields.includes(name)));
}

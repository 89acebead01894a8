import type { Model } from '../schema/schema.js';
import type { Scope } from '../scope/scope.js';
import { isCombinedAtTop } from './combinations.js';
import type { PlanContext } from './context.js';
import { fieldsOfData, imageOfWhere, movesKeys } from './data.js';
import type { Image } from './image.js';
import { asList, isArgs } from './pins.js';
import type { Args, WriteOperation, WriteOutcome, WriteRunner } from './plan.js';
import { referencesTo } from './references.js';
import { inForce } from '../rules.js';
import { select, stripAdded, type Selection } from './selection.js';
import { bumpsOf, type RootRow } from './write.js';
import { deleteManyRows, updateManyRows } from './bulk.js';

/** One write at granularity `row` or `field`, on its way. */
export interface Execution {
  readonly context: PlanContext;
  readonly operation: WriteOperation;
  readonly model: Model;
  /** The bump set that the arguments alone tell. */
  readonly fence: readonly Scope[];
  readonly runner: WriteRunner;
}

/** Operations that change however many rows their `where` matches. */
const MANY: ReadonlySet<string> = new Set(['updateMany', 'updateManyAndReturn', 'deleteMany']);

/** Performs a write so that the rows it changed are known, at the least cost. */
export async function executePrecisely(
  context: PlanContext,
  operation: WriteOperation,
  model: Model,
  fence: readonly Scope[],
  runner: WriteRunner,
): Promise<WriteOutcome> {
  const execution: Execution = { context, operation, model, fence, runner };
  const { data, update } = operation.args;
  // What the write returns of a row is then not what the row was. No case is known that needs this beside the rules for nested writes.
  if (movesKeys(context, model, data) || movesKeys(context, model, update)) {
    return asItIs(execution, 'nested-keys');
  }
  if (MANY.has(operation.action) && isCombinedAtTop(context, model)) {
    return asItIs(execution, 'combined-keys');
  }
  switch (operation.action) {
    case 'create':
      return returned(execution, (row) => ({ after: row }));
    case 'upsert':
      return returned(execution, (row) => ({ before: unchangedOf(execution, row), after: row }));
    case 'delete':
      return returned(execution, (row, selection) => ({
        before: deletedImage(execution, row, selection),
      }));
    case 'createManyAndReturn':
      return returned(execution, (row) => ({ after: row }));
    case 'createMany': {
      const isPastBudget = asList(data).length > context.limits.maxBulkRows;
      return asItIs(execution, isPastBudget ? 'row-budget' : undefined);
    }
    case 'update':
      return updateRow(execution);
    case 'updateMany':
    case 'updateManyAndReturn':
      return updateManyRows(execution);
    case 'deleteMany':
      return deleteManyRows(execution);
  }
}

/** Runs the caller's operation unchanged and bumps what the arguments tell. */
export async function asItIs(
  { operation, fence, runner }: Execution,
  imprecise?: string,
): Promise<WriteOutcome> {
  const result = await runner.run(operation.action, operation.args);
  return { result, bumps: fence, ...(imprecise === undefined ? {} : { imprecise }) };
}

/** Every field of a row that its scopes, and those of what refers to it, are made of. */
export function imageFieldsOf(context: PlanContext, model: Model): readonly string[] {
  const referenced = referencesTo(context.schema, model.name).flatMap(
    ({ references }) => references,
  );
  const keys = model.relations.flatMap(({ fields }) => fields);
  return [...new Set([...context.scopes(model.name).imageFields, ...referenced, ...keys])];
}

/** The selection of the result, widened by every field of the row's image. */
export function selectImage({ context, operation, model }: Execution, args: Args): Selection {
  return select(context, operation, model, args, imageFieldsOf(context, model));
}

/** For operations that return the rows they are about: the caller's selection is widened and narrowed again. */
async function returned(
  execution: Execution,
  toRow: (row: Image, selection: Selection) => RootRow,
): Promise<WriteOutcome> {
  const { context, operation, model, runner } = execution;
  const selection = selectImage(execution, operation.args);
  const result = await runner.run(operation.action, selection.args);
  // Prisma does not find the row again under the key that it had, and returns nothing or an empty list: what it was is not known.
  const many = operation.action === 'createManyAndReturn';
  if (many ? !Array.isArray(result) : !isArgs(result)) {
    return { result, bumps: execution.fence, imprecise: 'blind' };
  }
  const returnedRows = (many ? result : [result]) as readonly Image[];
  const rows = returnedRows.map((row) => toRow(row, selection));
  const isPastBudget = rows.length > context.limits.maxBulkRows;
  const bumps = isPastBudget
    ? execution.fence
    : bumpsOf(context, operation, model, rows.map(copyOf));
  stripAdded(selection, result);
  return { result, bumps, ...(isPastBudget ? { imprecise: 'row-budget' } : {}) };
}

/** Images outlive the removal of what was added to the result. */
function copyOf({ before, after }: RootRow): RootRow {
  return {
    ...(before === undefined ? {} : { before: { ...before } }),
    ...(after === undefined ? {} : { after: { ...after } }),
  };
}

/** Of a row after an update: the fields that the update did not set, which are what they were before. */
export function unchangedOf({ operation, model }: Execution, row: Image): Image {
  const data = operation.action === 'upsert' ? operation.args['update'] : operation.args['data'];
  const changed = fieldsOfData(model, isArgs(data) ? data : {});
  return Object.fromEntries(Object.entries(row).filter(([name]) => !changed.has(name)));
}

/** Most times that a before image is read again because another writer changed the row in between. */
const GUARD_ATTEMPTS = 3;

/**
 * An update of one row. Where it sets a tracked key, the row's old key is read first and put into the update's own `where`: if
 * another writer moved the row in between, the update finds nothing and the key is read again.
 */
async function updateRow(execution: Execution): Promise<WriteOutcome> {
  const { context, operation, model, runner } = execution;
  const selection = selectImage(execution, operation.args);
  const data = isArgs(operation.args['data']) ? operation.args['data'] : {};
  const changed = fieldsOfData(model, data);
  const pinned = imageOfWhere(context, model, operation.args['where']);
  const guarded = imageFieldsOf(context, model).filter(
    (field) => changed.has(field) && pinned[field] === undefined,
  );
  const run = async (args: Args, before: Image): Promise<WriteOutcome> => {
    const result = await runner.run('update', args);
    if (!isArgs(result)) return { result, bumps: execution.fence, imprecise: 'blind' };
    const row = { before: { ...unchangedOf(execution, result), ...before }, after: { ...result } };
    const bumps = bumpsOf(context, operation, model, [row]);
    stripAdded(selection, result);
    return { result, bumps };
  };
  const { images } = runner;
  if (guarded.length === 0 || images === undefined || !isSingleStatement(data, model)) {
    const outcome = await run(selection.args, {});
    return guarded.length === 0 ? outcome : { ...outcome, imprecise: 'blind' };
  }
  for (let attempt = 0; attempt < GUARD_ATTEMPTS; attempt++) {
    const [before] = await images.findMany(model.name, {
      where: filterOfUnique(model, operation.args['where']),
      select: Object.fromEntries(guarded.map((field) => [field, true])),
      take: 1,
    });
    if (before === undefined) break;
    try {
      return await run(guardedArgs(selection.args, before), before);
    } catch (error) {
      if (!runner.isNotFound(error)) throw error;
    }
  }
  return { ...(await run(selection.args, {})), imprecise: 'concurrent-writer' };
}

/**
 * Whether the database performs the update by a statement that has the whole `where`, so that check and change cannot be parted.
 * Prisma resolves nested writes on rows that refer to this one by reading the row first.
 */
function isSingleStatement(data: Args, model: Model): boolean {
  return model.relations.every(({ name, side }) => {
    const nested = data[name];
    if (nested === undefined) return true;
    return side === 'key' && isArgs(nested) && Object.keys(nested).join() === 'connect';
  });
}

/**
 * The image of a deleted row. One statement deletes and returns it; where relations are asked for, Prisma reads the row before
 * it deletes it, and another writer may have moved it in between: then only its identifier is certain.
 */
function deletedImage({ context, model }: Execution, row: Image, selection: Selection): Image {
  if (selection.relations.length === 0 && selection.counts.length === 0) return row;
  const certain = context.scopes(model.name).identifier ?? [];
  return Object.fromEntries(Object.entries(row).filter(([name]) => certain.includes(name)));
}

function guardedArgs(args: Args, before: Image): Args {
  if (!inForce('guard-before-image')) return args;
  const where = args['where'] as Args;
  const and = where['AND'];
  const others = and === undefined ? [] : Array.isArray(and) ? (and as unknown[]) : [and];
  return { ...args, where: { ...where, AND: [...others, before] } };
}

/** A unique `where` as the filter of a list: compound names are spelled out. */
export function filterOfUnique(model: Model, where: unknown): Args {
  if (!isArgs(where)) return {};
  const filter: Record<string, unknown> = {};
  const compounds: unknown[] = [];
  for (const [name, value] of Object.entries(where)) {
    const compound =
      !model.fields.has(name) && model.uniques.some((unique) => unique.name === name);
    if (compound) compounds.push(value);
    else filter[name] = value;
  }
  return compounds.length === 0 ? filter : { AND: [filter, ...compounds] };
}

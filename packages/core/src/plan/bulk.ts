import { bumpsOf, type RootRow } from './write.js';
import { fieldsOfData, imageOfWhere } from './data.js';
import { asItIs, imageFieldsOf, selectImage, unchangedOf, type Execution } from './execute.js';
import type { Image } from './image.js';
import { isArgs } from './pins.js';
import type { Args, WriteOutcome } from './plan.js';
import { inForce } from '../rules.js';
import { stripAdded } from './selection.js';

/** Databases whose `UPDATE` returns the rows that it changed. */
const RETURNING = new Set(['sqlite', 'postgresql', 'cockroachdb']);

/** An update of many rows, by the statement that returns them, when there are not too many. */
export async function updateManyRows(execution: Execution): Promise<WriteOutcome> {
  const { context, operation, model, runner, fence } = execution;
  const { args } = operation;
  const data = isArgs(args['data']) ? args['data'] : {};
  // An update that sets nothing counts nothing, and the statement that returns rows would count them.
  if (fieldsOfData(model, data).size === 0) return asItIs(execution);
  if (!RETURNING.has(context.schema.provider)) return asItIs(execution, 'blind');
  // Where Prisma emulates referential actions it does so for rows that `limit` leaves alone.
  if (args['limit'] !== undefined && context.schema.relationMode === 'prisma') {
    return asItIs(execution, 'blind');
  }
  if (await isPastBudget(execution)) return asItIs(execution, 'row-budget');
  const counting = operation.action === 'updateMany';
  const shape: Args = counting
    ? { ...args, select: fieldSelect(context.scopes(model.name).imageFields) }
    : args;
  const selection = selectImage(execution, shape);
  const result = await runner.run('updateManyAndReturn', selection.args);
  const after = result as readonly Image[];
  const pinned = imageOfWhere(context, model, args['where']);
  const rows = after.map((row): RootRow => ({
    before: { ...pinned, ...unchangedOf(execution, row) },
    after: { ...row },
  }));
  const bumps =
    rows.length > rowBudget(context, model.name) ? fence : bumpsOf(context, operation, model, rows);
  if (counting) return { result: { count: after.length }, bumps };
  stripAdded(selection, result);
  return { result, bumps };
}

/** A delete of many rows: of exactly those that were read, by a `where` that holds them to what was read. */
export async function deleteManyRows(execution: Execution): Promise<WriteOutcome> {
  const { context, operation, model, runner } = execution;
  const { images } = runner;
  const { maxParameters } = context.limits;
  const maxBulkRows = rowBudget(context, model.name);
  const { args } = operation;
  if (images === undefined || args['limit'] !== undefined) return asItIs(execution, 'blind');
  if (model.identifier === null) return asItIs(execution, 'blind');
  const fields = imageFieldsOf(context, model);
  const before = await images.findMany(model.name, {
    ...whereOf(args),
    select: fieldSelect(fields),
    take: maxBulkRows + 1,
  });
  if (before.length > maxBulkRows) return asItIs(execution, 'row-budget');
  // Half of the parameters are left to the caller's own `where`.
  if (before.length * fields.length > maxParameters / 2) return asItIs(execution, 'row-budget');
  if (before.length === 0) return asItIs(execution);
  const guard = { AND: [args['where'] ?? {}, { OR: before }] };
  const guarded = inForce('guard-before-image') ? { ...args, where: guard } : args;
  const { count } = (await runner.run('deleteMany', guarded)) as { count: number };
  if (count === before.length || !inForce('guard-before-image')) {
    const rows = before.map((row): RootRow => ({ before: row }));
    return { result: { count }, bumps: bumpsOf(context, operation, model, rows) };
  }
  // Another writer changed one of the rows in between: what still matches goes without being known.
  const rest = await asItIs(execution, 'concurrent-writer');
  return { ...rest, result: { count: count + (rest.result as { count: number }).count } };
}

/** Whether more rows match than may be returned, so that a write to a whole table does not fill the isolate's memory. */
async function isPastBudget({ context, operation, model, runner }: Execution): Promise<boolean> {
  const maxBulkRows = rowBudget(context, model.name);
  if (runner.images === undefined || model.identifier === null) return true;
  const rows = await runner.images.findMany(model.name, {
    ...whereOf(operation.args),
    select: fieldSelect(model.identifier.fields),
    take: maxBulkRows + 1,
  });
  return rows.length > maxBulkRows;
}

function rowBudget({ limits }: Execution['context'], model: string): number {
  return Math.min(limits.maxBulkRows, limits.rowCaps?.[model] ?? limits.maxBulkRows);
}

/** Absent where the caller gave none: Prisma's `strictUndefinedChecks` refuses `where: undefined`. */
function whereOf({ where }: Args): Args {
  return where === undefined ? {} : { where };
}

function fieldSelect(fields: readonly string[]): Args {
  return Object.fromEntries(fields.map((field) => [field, true]));
}

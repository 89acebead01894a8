import type { Scope } from '../scope/scope.js';
import type { PlanContext } from './context.js';
import { filterOfUnique, imageFieldsOf } from './execute.js';
import type { ImageReader, WriteOperation } from './plan.js';
import { bumpsOf, type RootRow } from './write.js';

/**
 * What a write would bump if it were made now. The rows that it is about are read, nothing is written; past the row budget, and
 * where rows are not told apart, the arguments alone tell.
 *
 * @throws BoostError `BOOST_MODEL_UNKNOWN`
 */
export async function previewWrite(
  context: PlanContext,
  operation: WriteOperation,
  images: ImageReader,
): Promise<readonly Scope[]> {
  const model = context.model(operation.model);
  const { granularity, maxBulkRows } = context.limits;
  const { action, args } = operation;
  const isCreate = action.startsWith('create');
  if (granularity === 'model' || isCreate) return bumpsOf(context, operation, model, undefined);
  const rows = await images.findMany(model.name, {
    where: filterOfUnique(model, args['where']),
    select: Object.fromEntries(imageFieldsOf(context, model).map((field) => [field, true])),
    take: maxBulkRows + 1,
  });
  const isUnknown = rows.length > maxBulkRows || (rows.length === 0 && action === 'upsert');
  const known = rows.map((before): RootRow => ({ before }));
  return bumpsOf(context, operation, model, isUnknown ? undefined : known);
}

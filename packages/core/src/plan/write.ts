import type { Model } from '../schema/schema.js';
import { BumpSet } from '../scope/bump-set.js';
import type { Scope } from '../scope/scope.js';
import { bumpDeletion, bumpModels, bumpUpdate } from './cascade.js';
import { bumpCreated } from './change.js';
import { ofEmulated } from './combinations.js';
import type { PlanContext } from './context.js';
import { fieldsOfData, imageOfCreate, imageOfData, imageOfWhere } from './data.js';
import type { Image } from './image.js';
import { bumpNested } from './nested.js';
import { asList, isArgs } from './pins.js';
import type { WriteOperation, WriteOutcome, WritePlan, WriteRunner } from './plan.js';
import { inForce } from '../rules.js';
import { executePrecisely } from './execute.js';

/** What a write changes, said from its arguments and from whatever rows are known of it. */
export interface RootRow {
  readonly before?: Image;
  readonly after?: Image;
}

/**
 * Plans a write: what it may bump (the fence), and how to perform it so that what it did bump is known.
 *
 * At granularity `model` both are the same and the operation goes to the database as it is.
 *
 * @throws BoostError `BOOST_MODEL_UNKNOWN`
 */
export function planWrite(context: PlanContext, operation: WriteOperation): WritePlan {
  const model = context.model(operation.model);
  const fence = bumpsOf(context, operation, model, undefined);
  const blind = async (runner: WriteRunner): Promise<WriteOutcome> => ({
    result: await runner.run(operation.action, operation.args),
    bumps: fence,
  });
  if (context.limits.granularity === 'model') return { fence, execute: blind };
  return { fence, execute: (runner) => executePrecisely(context, operation, model, fence, runner) };
}

/**
 * The bump set of a write.
 *
 * @param rows - the rows it was about, as the database returned them; undefined where only the arguments are known
 */
export function bumpsOf(
  context: PlanContext,
  operation: WriteOperation,
  model: Model,
  rows: readonly RootRow[] | undefined,
): readonly Scope[] {
  const bumps = new BumpSet();
  if (context.limits.granularity === 'model') bumps.imprecise(context.scopes(model.name));
  for (const row of rows ?? [{}]) bumpRoot(context, bumps, operation, model, row);
  bumpModels(context, bumps, context.options.triggers?.[model.name] ?? []);
  return bumps.toScopes();
}

function bumpRoot(
  context: PlanContext,
  bumps: BumpSet,
  { action, args }: WriteOperation,
  model: Model,
  row: RootRow,
): void {
  switch (action) {
    case 'create':
      return bumpCreate(context, bumps, model, args['data'], row);
    case 'createMany':
    case 'createManyAndReturn':
      return bumpCreateMany(context, bumps, model, args['data'], row);
    case 'update': {
      const held = imageOfWhere(context, model, args['where']);
      return bumpRootUpdate(context, bumps, model, held, args['data'], row);
    }
    case 'updateMany':
    case 'updateManyAndReturn': {
      const held = ofEmulated(context, model, imageOfWhere(context, model, args['where']));
      return bumpRootUpdate(context, bumps, model, held, args['data'], row);
    }
    case 'upsert':
      bumpCreate(context, bumps, model, args['create'], row);
      if (inForce('upsert-union')) {
        const held = imageOfWhere(context, model, args['where']);
        bumpRootUpdate(context, bumps, model, held, args['update'], row);
      }
      return;
    case 'delete': {
      const before = { ...imageOfWhere(context, model, args['where']), ...row.before };
      return bumpDeletion(context, bumps, model, before);
    }
    case 'deleteMany': {
      const held = ofEmulated(context, model, imageOfWhere(context, model, args['where']));
      return bumpDeletion(context, bumps, model, { ...held, ...row.before });
    }
  }
}

function bumpCreate(
  context: PlanContext,
  bumps: BumpSet,
  model: Model,
  data: unknown,
  row: RootRow,
): void {
  const given = isArgs(data) ? data : {};
  const after = { ...imageOfCreate(context, model, given), ...row.after };
  bumpCreated(context, bumps, model, after);
  bumpNested(context, bumps, model, given, { after, changed: new Set(), held: {} });
}

function bumpCreateMany(
  context: PlanContext,
  bumps: BumpSet,
  model: Model,
  data: unknown,
  row: RootRow,
): void {
  if (row.after !== undefined) return bumpCreated(context, bumps, model, row.after);
  const rows = asList(data);
  // Past the budget nothing is said of any row: every partition may have new ones, no row that exists has changed.
  if (rows.length > context.limits.maxBulkRows) return bumpCreated(context, bumps, model, {});
  for (const given of rows) {
    bumpCreated(context, bumps, model, isArgs(given) ? imageOfCreate(context, model, given) : {});
  }
}

function bumpRootUpdate(
  context: PlanContext,
  bumps: BumpSet,
  model: Model,
  held: Image,
  data: unknown,
  row: RootRow,
): void {
  const given = isArgs(data) ? data : {};
  const changed = fieldsOfData(model, given);
  const before = { ...held, ...row.before };
  const unchanged = Object.fromEntries(
    Object.entries(before).filter(([name]) => !changed.has(name)),
  );
  const after = { ...unchanged, ...imageOfData(context, model, given), ...row.after };
  bumpUpdate(context, bumps, model, { before, after, fields: changed });
  bumpNested(context, bumps, model, given, { before, after, changed, held });
}

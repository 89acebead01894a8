import {
  createPlanContext,
  type Granularity,
  type PlanContext,
  type PlanLimits,
  type PlanOptions,
  type Schema,
} from '@boost/core';
import type { Random } from '../random.ts';
import type { SchemaInfo } from '../schema/metadata.ts';

/** One way to plan: a granularity with its limits. All views of a run plan the same operations. */
export interface View {
  readonly granularity: Granularity;
  readonly context: PlanContext;
}

/** What a view is made of besides its granularity: plain data, so that a failure can be printed. */
export interface ViewSettings {
  readonly limits: Omit<PlanLimits, 'granularity'>;
  readonly options: PlanOptions;
}

export const GRANULARITIES: readonly Granularity[] = ['field', 'row', 'model'];

export function createView(schema: Schema, granularity: Granularity, settings: ViewSettings): View {
  const limits = { ...settings.limits, granularity };
  return { granularity, context: createPlanContext(schema, limits, settings.options) };
}

/** Limits small enough to be met, and now and then `fieldTracking` as a user would set it. */
export function randomSettings(random: Random, schema: SchemaInfo): ViewSettings {
  const fieldTracking = Object.fromEntries(
    [...schema.models.values()].flatMap((model) => {
      if (!random.chance(0.15)) return [];
      const names = model.fields.map(({ name }) => name);
      const tracking = random.pick([
        { enabled: false },
        { neverInvalidateOn: random.sample(names, 1, 2) },
        { alwaysInvalidateOn: random.sample(names, 1, 2) },
      ]);
      return [[model.name, tracking]];
    }),
  );
  return {
    limits: {
      maxScopes: random.pick([8, 20, 1_000, 1_000]),
      maxBulkRows: random.pick([1, 3, 150, 150]),
      maxParameters: random.pick([20, 100, 30_000]),
    },
    options: { fieldTracking },
  };
}

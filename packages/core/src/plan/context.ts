import type { Model, Schema } from '../schema/schema.js';
import { ModelScopes, type FieldTracking } from '../scope/model-scopes.js';
import type { PlanLimits } from './plan.js';
import type { Selection } from './selection.js';

export interface PlanOptions {
  /** Per model: which fields' updates count. */
  readonly fieldTracking?: Readonly<Record<string, FieldTracking>>;
  /** What a view reads, by view name. Reads of a view that is not named here are not cached. */
  readonly views?: Readonly<Record<string, readonly string[]>>;
  /** What a write to a model sets off in the database (triggers): writes to the model bump these too. */
  readonly triggers?: Readonly<Record<string, readonly string[]>>;
}

/** What every planner works from; made once per schema, limits and options. */
export interface PlanContext {
  readonly schema: Schema;
  readonly limits: PlanLimits;
  readonly options: PlanOptions;
  /** @throws BoostError `BOOST_MODEL_UNKNOWN` */
  scopes(model: string): ModelScopes;
  /** Names of the schema's views. */
  readonly views: readonly string[];
  model(name: string): Model;
  /** Compiled selections by their text. */
  readonly selections: Map<string, Selection>;
}

export function createPlanContext(
  schema: Schema,
  limits: PlanLimits,
  options: PlanOptions = {},
): PlanContext {
  const compiled = new Map<string, ModelScopes>();
  return {
    schema,
    limits,
    options,
    views: schema.viewNames,
    selections: new Map(),
    model: (name) => schema.model(name),
    scopes(name) {
      let scopes = compiled.get(name);
      if (scopes === undefined) {
        const tracking = options.fieldTracking?.[name];
        scopes = new ModelScopes(schema.model(name), limits.granularity, tracking);
        compiled.set(name, scopes);
      }
      return scopes;
    },
  };
}

import { BumpSet } from '../scope/bump-set.js';
import type { Scope } from '../scope/scope.js';
import { bumpUpdated } from './change.js';
import type { PlanContext } from './context.js';
import { imageOfWhere } from './data.js';
import type { Image } from './image.js';
import { pinsOf } from './pins.js';
import type { Args } from './plan.js';

/**
 * What has to be bumped when rows may have changed in any way behind the writer's back: were created, deleted, moved, or linked to
 * others by an implicit many-to-many relation. As narrow as the `where` names them.
 *
 * @throws BoostError `BOOST_MODEL_UNKNOWN`
 */
export function rowsScopes(
  context: PlanContext,
  target: { readonly model: string; readonly where: Args },
): readonly Scope[] {
  const model = context.model(target.model);
  const scopes = context.scopes(model.name);
  const bumps = new BumpSet();
  const joins = model.relations.filter(({ join }) => join !== undefined);
  for (const image of imagesOf(context, target)) {
    bumpUpdated(context, bumps, model, {
      before: image,
      after: {},
      fields: new Set(scopes.visibleNames),
    });
    for (const { join, fields } of joins) {
      const { model: name = '', own = 'A' } = join ?? {};
      const value = image[fields[0] as string];
      bumpUpdated(context, bumps, context.model(name), {
        before: value === undefined ? {} : { [own]: value },
        after: {},
        fields: new Set(['A', 'B']),
      });
    }
  }
  return bumps.toScopes();
}

/** One image for each identifier that the `where` lists, else a single one of all rows that it matches. */
function imagesOf(
  context: PlanContext,
  { model: name, where }: { readonly model: string; readonly where: Args },
): readonly Image[] {
  const model = context.model(name);
  const image = imageOfWhere(context, model, where);
  const [field, ...others] = model.identifier?.fields ?? [];
  const listed = field === undefined ? undefined : pinsOf(context, model, where).get(field);
  if (field === undefined || others.length > 0 || listed === undefined) return [image];
  if (listed.length === 1 || listed.length > context.limits.maxBulkRows) return [image];
  return listed.map((value) => ({ ...image, [field]: value }));
}

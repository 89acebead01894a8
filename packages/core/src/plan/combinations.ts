import type { Model } from '../schema/schema.js';
import type { PlanContext } from './context.js';
import type { Image } from './image.js';
import { referencesTo } from './references.js';
import { inForce } from '../rules.js';

/**
 * What is known of all rows that Prisma writes when it reads their identifiers first. It then names them by one list per field,
 * `WHERE "a" IN (1, 2) AND "b" IN (3, 4)`: with a compound identifier these are all combinations, also of rows that the operation
 * was not about. Of those, nothing is known but a field of the identifier that has one value in every row.
 */
export function ofCombinations(model: Model, image: Image): Image {
  const identifier = model.identifier?.fields ?? [];
  if (identifier.length === 1 || !inForce('combined-keys')) return image;
  return Object.fromEntries(Object.entries(image).filter(([name]) => identifier.includes(name)));
}

/** As `ofCombinations`, for rows that Prisma reads first only because it performs the referential actions itself. */
export function ofEmulated(context: PlanContext, model: Model, image: Image): Image {
  return context.schema.relationMode === 'prisma' ? ofCombinations(model, image) : image;
}

/** Whether a nested write to several rows of the model reaches rows beside them, or rows that refer to such. */
export function isCombined(context: PlanContext, model: Model): boolean {
  if (!inForce('combined-keys')) return false;
  return model.identifier?.fields.length !== 1 || combinesReferences(context, model);
}

/** As `isCombined`, for a write to several rows at the top: one statement with its own `where`, unless Prisma reads them first. */
export function isCombinedAtTop(context: PlanContext, model: Model): boolean {
  return context.schema.relationMode === 'prisma' && isCombined(context, model);
}

function combinesReferences({ schema }: PlanContext, model: Model): boolean {
  if (schema.relationMode !== 'prisma') return false;
  return referencesTo(schema, model.name).some(({ references }) => references.length > 1);
}

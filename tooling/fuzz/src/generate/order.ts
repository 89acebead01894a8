import type { ModelInfo } from '../schema/metadata.ts';
import { modelOf } from '../schema/metadata.ts';
import { relationsInFocus, type Draft, type Generator } from './context.ts';

/** An order of some fields, relations and counts. `total` adds the identifier, so that no two rows are equal in it. */
export function orderBy(generator: Generator, model: ModelInfo, total: boolean): Draft | Draft[] {
  const { random } = generator;
  const parts = Array.from({ length: random.pick([0, 1, 1, 1, 2]) }, () =>
    orderPart(generator, model, 2),
  );
  if (total) {
    const direction = random.pick(['asc', 'desc']);
    for (const field of model.identifier.fields) {
      if (!parts.some((part) => field in part)) parts.push({ [field]: direction });
    }
  }
  const [only] = parts;
  return only !== undefined && parts.length === 1 && random.chance(0.5) ? only : parts;
}

function orderPart(generator: Generator, model: ModelInfo, depth: number): Draft {
  const { random } = generator;
  const relations = depth > 0 ? relationsInFocus(generator, model) : [];
  if (relations.length > 0 && random.chance(0.3)) {
    const relation = random.pick(relations);
    if (relation.list) return { [relation.name]: { _count: random.pick(['asc', 'desc']) } };
    return {
      [relation.name]: orderPart(generator, modelOf(generator.schema, relation.target), depth - 1),
    };
  }
  const field = random.pick(model.fields.filter(({ kind, list }) => kind !== 'Json' && !list));
  const sort = random.pick(['asc', 'desc']);
  if (field.required || random.chance(0.5)) return { [field.name]: sort };
  return { [field.name]: { sort, nulls: random.pick(['first', 'last']) } };
}

/** Whether the order leaves no two rows equal. */
export function isTotalOrder(model: ModelInfo, order: unknown): boolean {
  const parts = Array.isArray(order) ? (order as Draft[]) : [order as Draft];
  const fields = new Set(parts.flatMap((part) => Object.keys(part)));
  return model.identifier.fields.every((field) => fields.has(field));
}

import type { ModelInfo, RelationInfo } from '../schema/metadata.ts';
import { modelOf } from '../schema/metadata.ts';
import { relationsInFocus, type Draft, type Generator } from './context.ts';
import { orderBy } from './order.ts';
import { where, whereUnique } from './where.ts';

/** `select`, `include`, `omit` or nothing, to the given depth of relations. */
export function selection(generator: Generator, model: ModelInfo, depth: number): Draft {
  const { random } = generator;
  const style = random.weighted({ nothing: 3, select: 4, include: depth > 0 ? 4 : 0, omit: 1 });
  const relations = depth > 0 ? relationsInFocus(generator, model) : [];
  switch (style) {
    case 'nothing':
      return {};
    case 'omit':
      return { omit: omitted(generator, model) };
    case 'include': {
      const include = nested(generator, relations, depth, 1);
      if (Object.keys(include).length === 0) return {};
      return { include, ...(random.chance(0.15) ? { omit: omitted(generator, model) } : {}) };
    }
    case 'select': {
      const fields = random
        .sample(model.fields, 0, 3)
        .map(({ name }) => [name, random.chance(0.95)] as const);
      const select = { ...Object.fromEntries(fields), ...nested(generator, relations, depth, 0) };
      if (Object.values(select).some(Boolean)) return { select };
      return { select: { ...select, [random.pick(model.fields).name]: true } };
    }
  }
}

function omitted({ random }: Generator, model: ModelInfo): Draft {
  const fields = random.sample(model.fields, 1, Math.max(1, model.fields.length - 1));
  return Object.fromEntries(fields.map(({ name }) => [name, random.chance(0.9)]));
}

function nested(
  generator: Generator,
  relations: readonly RelationInfo[],
  depth: number,
  min: number,
): Draft {
  const { random } = generator;
  const chosen: Draft = {};
  for (const relation of random.sample(relations, min, 2)) {
    chosen[relation.name] = relatedArgs(generator, relation, depth - 1);
  }
  const lists = relations.filter(({ list }) => list);
  if (lists.length > 0 && random.chance(0.2)) chosen['_count'] = counts(generator, lists);
  return chosen;
}

function counts(generator: Generator, lists: readonly RelationInfo[]): unknown {
  const { random, schema } = generator;
  if (random.chance(0.15)) return true;
  const chosen = random.sample(lists, 1, 2).map(({ name, target }) => {
    const filtered = random.chance(0.5);
    return [
      name,
      filtered ? { where: where(generator, modelOf(schema, target), { depth: 1 }) } : true,
    ];
  });
  return { select: Object.fromEntries(chosen) as Draft };
}

/** The arguments of a relation in `select` or `include`, or of a fluent call. */
export function relatedArgs(generator: Generator, relation: RelationInfo, depth: number): unknown {
  const { random, schema } = generator;
  const target = modelOf(schema, relation.target);
  if (random.chance(0.35)) return true;
  const args: Draft = selection(generator, target, depth);
  if (relation.list) return { ...args, ...listArgs(generator, target) };
  if (!relation.required && random.chance(0.3))
    args['where'] = where(generator, target, { depth: 1 });
  return args;
}

/** `where`, order, page and `distinct`, always with one defined outcome. */
export function listArgs(generator: Generator, model: ModelInfo): Draft {
  const { random } = generator;
  const args: Draft = {};
  if (random.chance(0.5)) args['where'] = where(generator, model);
  const page = random.chance(0.35);
  const distinct = random.chance(0.1);
  if (page) {
    if (random.chance(0.75)) args['take'] = random.pick([1, 1, 2, 2, 3, -1, -2, 0]);
    if (random.chance(0.3)) args['skip'] = random.int(0, 2);
    if (random.chance(0.35)) args['cursor'] = whereUnique(generator, model, { filters: 0 });
  }
  if (distinct) {
    const fields = model.fields.filter(({ kind, list }) => kind !== 'Json' && !list);
    const names = random.sample(fields, 1, 2).map(({ name }) => name);
    args['distinct'] = names.length === 1 && random.chance(0.3) ? names[0] : names;
  }
  const cut =
    distinct ||
    args['take'] !== undefined ||
    args['skip'] !== undefined ||
    args['cursor'] !== undefined;
  // Where the list is cut, Prisma itself orders by the identifier if nothing is said, but not for `distinct`.
  if (distinct || random.chance(0.5)) {
    args['orderBy'] = orderBy(generator, model, cut || random.chance(0.7));
  }
  return args;
}

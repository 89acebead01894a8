import type { Row } from '../schema/client.ts';
import { inverseOf, modelOf, type RelationInfo } from '../schema/metadata.ts';
import type { Draft, Generator } from './context.ts';
import { createData, createManyRow, updateData } from './data.ts';
import { where, whereUnique } from './where.ts';

/** What a create says of one relation. @param needed - the row cannot be without it */
export function nestedCreate(
  generator: Generator,
  relation: RelationInfo,
  depth: number,
  needed: boolean,
): Draft {
  const { random } = generator;
  const operations = relation.list
    ? ['create', 'connect', 'connectOrCreate', 'createMany']
    : ['create', 'connect', 'connectOrCreate'];
  const chosen = random.pick(operations.filter((name) => allowed(relation, name)));
  const nested: Draft = { [chosen]: operand(generator, relation, chosen, depth) };
  if (!needed && relation.list && random.chance(0.15)) {
    const second = random.pick(operations.filter((name) => allowed(relation, name)));
    nested[second] = operand(generator, relation, second, depth);
  }
  return nested;
}

const LIST_UPDATES = [
  'create',
  'connect',
  'connectOrCreate',
  'createMany',
  'set',
  'set',
  'disconnect',
  'disconnect',
  'delete',
  'update',
  'update',
  'updateMany',
  'deleteMany',
  'upsert',
];
const ONE_UPDATES = [
  'create',
  'connect',
  'connect',
  'connectOrCreate',
  'disconnect',
  'delete',
  'update',
  'update',
  'upsert',
];

/**
 * What an update says of one relation: one operation, sometimes two.
 *
 * @param row - the row that the relation is of
 */
export function nestedUpdate(
  generator: Generator,
  relation: RelationInfo,
  depth: number,
  row: Row | undefined,
): Draft {
  const { random } = generator;
  const operations = (relation.list ? LIST_UPDATES : ONE_UPDATES).filter((name) =>
    allowed(relation, name),
  );
  const related = row === undefined ? [] : generator.related(relation, row);
  const nested: Draft = {};
  for (const name of random.sample(operations, 1, random.chance(0.2) ? 2 : 1)) {
    nested[name] = operand(generator, relation, name, depth, related);
  }
  return nested;
}

function allowed(relation: RelationInfo, operation: string): boolean {
  if (operation === 'createMany') return relation.side === 'inverse';
  if (operation === 'disconnect' || operation === 'delete')
    return relation.list || !relation.required;
  return true;
}

function operand(
  generator: Generator,
  relation: RelationInfo,
  operation: string,
  depth: number,
  related: readonly Row[] = [],
): unknown {
  const { random, schema } = generator;
  const target = modelOf(schema, relation.target);
  const without = inverseOf(schema, relation);
  const options = { depth, without };
  const create = (): Draft => createData(generator, target, options);
  const update = (row: Row | undefined): Draft =>
    updateData(generator, target, { ...options, row });
  const unique = (row?: Row): Draft => whereUnique(generator, target, { filters: 0.05, row });
  const anyRelated = (): Row | undefined =>
    related.length > 0 && random.chance(0.8) ? random.pick(related) : undefined;
  const filter = (): Draft => where(generator, target, { relations: false, depth: 1 });
  const many = (make: () => Draft, min: number, max: number): unknown =>
    relation.list && (min === 0 || random.chance(0.5))
      ? Array.from({ length: random.int(min, max) }, make)
      : make();
  switch (operation) {
    case 'create':
      return many(create, 1, 2);
    case 'connect':
      return many(unique, 1, 2);
    case 'connectOrCreate':
      return many(() => connectOrCreate(unique(), create()), 1, 2);
    case 'createMany': {
      const rows = Array.from({ length: random.int(1, 3) }, () =>
        createManyRow(generator, target, without),
      );
      return { data: rows, ...skipDuplicates(generator) };
    }
    case 'set':
      return many(unique, 0, 2);
    case 'disconnect':
    case 'delete':
      if (relation.list) return many(() => unique(anyRelated()), 1, 2);
      return random.chance(0.7) ? true : where(generator, target, { depth: 1 });
    case 'update': {
      if (relation.list) {
        return many(
          () => {
            const row = anyRelated();
            return { where: unique(row), data: update(row) };
          },
          1,
          2,
        );
      }
      const data = update(related[0]);
      if (random.chance(0.5)) return data;
      const condition = random.chance(0.5) ? { where: where(generator, target, { depth: 1 }) } : {};
      return { ...condition, data };
    }
    case 'updateMany':
      return many(
        () => ({
          where: filter(),
          data: updateData(generator, target, { depth: 0, without }),
        }),
        1,
        1,
      );
    case 'deleteMany':
      return many(filter, 1, 2);
    default: {
      const row = anyRelated();
      const upsert = { create: create(), update: update(row) };
      return relation.list ? many(() => ({ where: unique(row), ...upsert }), 1, 1) : upsert;
    }
  }
}

/** A row that is created under the key that was looked for, so that the same operation finds it the next time. */
export function connectOrCreate(unique: Draft, create: Draft): Draft {
  for (const [name, value] of Object.entries(unique)) {
    if (name in create && typeof value !== 'object') create[name] = value;
  }
  return { where: unique, create };
}

/** SQLite has no `skipDuplicates`. */
export function skipDuplicates({ random, schema }: Generator): Draft {
  return schema.provider === 'postgresql' && random.chance(0.4) ? { skipDuplicates: true } : {};
}

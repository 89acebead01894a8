import { AnyNull, DbNull, JsonNull } from '@prisma/client/runtime/client';
import type { FieldInfo, ScalarKind } from '../schema/metadata.ts';
import { modelOf } from '../schema/metadata.ts';
import type { Draft, Generator } from './context.ts';
import { element, nullableValue, value } from './value.ts';

const COMPARED: readonly ScalarKind[] = ['String', 'Int', 'BigInt', 'Float', 'Decimal', 'DateTime'];

/** A filter of one field: a plain value, or one or two operators that its type has. */
export function fieldFilter(generator: Generator, field: FieldInfo): unknown {
  const { random } = generator;
  if (field.list) return listFilter(generator, field);
  if (field.kind === 'Json') return jsonFilter(generator, field);
  if (random.chance(0.4)) return nullableValue(generator, field, 0.15);
  const filter = operators(generator, field);
  if (
    field.kind === 'String' &&
    generator.schema.provider === 'postgresql' &&
    random.chance(0.15)
  ) {
    filter['mode'] = random.pick(['insensitive', 'insensitive', 'default']);
  }
  return filter;
}

/** One or two operators; `not` nests one more level at most. */
function operators(generator: Generator, field: FieldInfo, nested = false): Draft {
  const { random } = generator;
  const filter: Draft = {};
  const count = random.chance(0.8) ? 1 : 2;
  for (let i = 0; i < count; i++) {
    const operator = chooseOperator(generator, field);
    filter[operator] = operand(generator, field, operator, nested);
  }
  return filter;
}

function chooseOperator({ random }: Generator, field: FieldInfo): string {
  const equality = field.kind === 'Boolean' ? ['equals', 'not'] : ['equals', 'in', 'not', 'notIn'];
  if (!COMPARED.includes(field.kind) || random.chance(0.6)) {
    return random.weighted({
      equals: 4,
      in: equality.length > 2 ? 3 : 0,
      not: 2,
      notIn: equality.length > 2 ? 1 : 0,
    });
  }
  // Of types that are no patterns the database refuses these: that too has to be the same.
  const wanted = field.kind === 'String' && (!isOpaque(field) || random.chance(0.1));
  const texts = wanted ? ['contains', 'startsWith', 'endsWith'] : [];
  return random.pick(['lt', 'lte', 'gt', 'gte', ...texts]);
}

/** Text types that the database compares, but not as patterns. */
function isOpaque(field: FieldInfo): boolean {
  return ['Uuid', 'Inet', 'Bit', 'VarBit', 'Xml'].includes(field.native?.name ?? '');
}

function operand(
  generator: Generator,
  field: FieldInfo,
  operator: string,
  nested: boolean,
): unknown {
  const { random } = generator;
  switch (operator) {
    case 'in':
    case 'notIn':
      return Array.from({ length: random.int(0, 3) }, () => element(generator, field));
    case 'not':
      if (!nested && random.chance(0.4)) return operators(generator, field, true);
      return nullableValue(generator, field, 0.3);
    case 'equals':
      return referenceOr(generator, field, () => nullableValue(generator, field, 0.15));
    default:
      return referenceOr(generator, field, () => value(generator, field));
  }
}

/** Sometimes another field of the same type in place of a value. */
function referenceOr(generator: Generator, field: FieldInfo, otherwise: () => unknown): unknown {
  const { random, schema } = generator;
  if (!random.chance(0.06)) return otherwise();
  const others = modelOf(schema, field.model).fields.filter(
    ({ name, kind, list, native }) =>
      name !== field.name &&
      kind === field.kind &&
      list === field.list &&
      native?.name === field.native?.name,
  );
  const comparable = others.filter(
    (other) => other.kind !== 'Enum' || other.values === field.values,
  );
  return comparable.length === 0 ? otherwise() : generator.reference(random.pick(comparable));
}

function listFilter(generator: Generator, field: FieldInfo): Draft {
  const { random } = generator;
  const operator = random.pick(['equals', 'has', 'hasEvery', 'hasSome', 'isEmpty']);
  switch (operator) {
    case 'isEmpty':
      return { isEmpty: random.chance(0.5) };
    case 'has':
      return { has: element(generator, field) };
    default:
      return { [operator]: value(generator, field) };
  }
}

function jsonFilter(generator: Generator, field: FieldInfo): Draft {
  const { random, schema } = generator;
  const nulls = field.required ? [JsonNull] : [DbNull, JsonNull, AnyNull];
  const plain = (): unknown =>
    random.chance(0.25) ? random.pick(nulls) : element(generator, field);
  if (random.chance(0.5)) return { [random.pick(['equals', 'not'])]: plain() };
  const steps = random.pick([['a'], ['a', 'b'], ['d'], ['d', '0']]);
  const postgres = schema.provider === 'postgresql';
  const path = postgres ? steps : `$.${steps.join('.').replace('.0', '[0]')}`;
  const kind = random.pick(['string', 'string', 'array', 'compared', 'equals', 'not']);
  switch (kind) {
    case 'string': {
      const operator = random.pick(['string_contains', 'string_starts_with', 'string_ends_with']);
      const mode = random.chance(0.3) ? { mode: random.pick(['insensitive', 'default']) } : {};
      return { path, [operator]: random.pick(['c', 'C']), ...mode };
    }
    case 'array': {
      const operator = random.pick(['array_contains', 'array_starts_with', 'array_ends_with']);
      const item = random.int(1, 2);
      return { path, [operator]: postgres && operator === 'array_contains' ? [item] : item };
    }
    case 'compared':
      return { path, [random.pick(['gt', 'gte', 'lt', 'lte'])]: random.int(0, 1) };
    default:
      return { path, [kind]: random.pick<unknown>([1, 'c', true]) };
  }
}

/** A filter of an aggregate in `having`: as of the field, for `_count` as of a whole number. */
export function aggregateFilter(generator: Generator, field: FieldInfo | undefined): unknown {
  const { random } = generator;
  const operator = random.pick(['equals', 'gt', 'gte', 'lt', 'lte', 'not']);
  if (field === undefined) return { [operator]: random.int(0, 2) };
  return { [operator]: value(generator, field) };
}

import type { FieldInfo, ModelInfo } from '../schema/metadata.ts';
import type { Draft, Generator, Operation } from './context.ts';
import { aggregateFilter, fieldFilter } from './filter.ts';
import { orderBy } from './order.ts';
import { listArgs, selection } from './selection.ts';
import { liveRow, where, whereUnique } from './where.ts';

const SELECTION_DEPTH = 3;

/** A read of any kind. */
export function read(generator: Generator): Operation {
  const { random } = generator;
  const model = random.pick(generator.focus);
  const action = random.weighted({
    findUnique: 5,
    findUniqueOrThrow: 1,
    findFirst: 3,
    findFirstOrThrow: 1,
    findMany: 8,
    count: 2,
    aggregate: 2,
    groupBy: 2,
  });
  return { model: model.name, action, args: readArgs(generator, model, action) };
}

/** One field of one row that exists: what is stored of it survives most writes, and must not survive the one that counts. */
export function narrowRead(generator: Generator): Operation {
  const { random } = generator;
  const model = random.pick(generator.focus);
  const where = whereUnique(generator, model, { filters: 0, row: liveRow(generator, model) });
  const select = { [random.pick(model.fields).name]: true };
  return { model: model.name, action: 'findUnique', args: { where, select } };
}

function readArgs(generator: Generator, model: ModelInfo, action: string): Draft {
  const { random } = generator;
  switch (action) {
    case 'findUnique':
    case 'findUniqueOrThrow':
      return {
        where: whereUnique(generator, model, { filters: 0.3, row: liveRow(generator, model) }),
        ...selection(generator, model, SELECTION_DEPTH),
      };
    case 'findFirst':
    case 'findFirstOrThrow': {
      const { skip, cursor, ...args } = listArgs(generator, model);
      const total = { orderBy: orderBy(generator, model, true) };
      const page = {
        ...(skip === undefined ? {} : { skip }),
        ...(cursor === undefined ? {} : { cursor }),
      };
      if (args['take'] !== undefined) args['take'] = random.pick([1, -1]);
      return { ...args, ...page, ...total, ...selection(generator, model, SELECTION_DEPTH) };
    }
    case 'findMany':
      return { ...listArgs(generator, model), ...selection(generator, model, SELECTION_DEPTH) };
    case 'count':
      return { ...rangeArgs(generator, model), ...countSelect(generator, model) };
    case 'aggregate':
      return { ...rangeArgs(generator, model), ...aggregates(generator, model) };
    default:
      return groupByArgs(generator, model);
  }
}

/** The rows that `count` and `aggregate` compute on. */
function rangeArgs(generator: Generator, model: ModelInfo): Draft {
  const args = listArgs(generator, model);
  delete args['distinct'];
  return args;
}

function countSelect({ random }: Generator, model: ModelInfo): Draft {
  if (random.chance(0.6)) return {};
  const fields = random.sample(model.fields, 0, 2).map(({ name }) => [name, true] as const);
  return { select: { _all: true, ...Object.fromEntries(fields) } };
}

function isNumeric({ kind, list }: FieldInfo): boolean {
  return ['Int', 'BigInt', 'Float', 'Decimal'].includes(kind) && !list;
}

function isOrdered({ kind, list, native }: FieldInfo): boolean {
  return (
    !list &&
    !['Json', 'Bytes', 'Boolean'].includes(kind) &&
    !['Uuid', 'Xml'].includes(native?.name ?? '')
  );
}

function aggregates({ random }: Generator, model: ModelInfo): Draft {
  const numeric = model.fields.filter(isNumeric);
  const ordered = model.fields.filter(isOrdered);
  const chosen: Draft = {};
  const choose = (name: string, fields: readonly FieldInfo[]): void => {
    if (fields.length === 0) return;
    chosen[name] = Object.fromEntries(
      random.sample(fields, 1, 2).map((field) => [field.name, true]),
    );
  };
  for (const name of random.sample(['_count', '_sum', '_avg', '_min', '_max'], 1, 2)) {
    if (name === '_count' && random.chance(0.5))
      chosen[name] = random.chance(0.5) ? true : { _all: true };
    else
      choose(
        name,
        name === '_count' ? model.fields : name === '_sum' || name === '_avg' ? numeric : ordered,
      );
  }
  return Object.keys(chosen).length > 0 ? chosen : { _count: true };
}

function groupByArgs(generator: Generator, model: ModelInfo): Draft {
  const { random } = generator;
  const groupable = model.fields.filter(
    ({ kind, list }) => !list && kind !== 'Json' && kind !== 'Bytes',
  );
  const by = random.sample(groupable, 1, 2);
  const names = by.map(({ name }) => name);
  const args: Draft = { by: names.length === 1 && random.chance(0.3) ? names[0] : names };
  if (random.chance(0.5)) args['where'] = where(generator, model);
  if (random.chance(0.8)) Object.assign(args, aggregates(generator, model));
  if (random.chance(0.35)) args['having'] = having(generator, model, by, 1);
  const paged = random.chance(0.3);
  if (paged || random.chance(0.3)) {
    const parts: Draft[] = names.map((name) => ({ [name]: random.pick(['asc', 'desc']) }));
    const counted = random.pick(groupable).name;
    if (random.chance(0.4)) parts.unshift({ _count: { [counted]: random.pick(['asc', 'desc']) } });
    args['orderBy'] = parts;
  }
  if (paged) {
    args['take'] = random.int(1, 2);
    if (random.chance(0.4)) args['skip'] = random.int(0, 1);
  }
  return args;
}

/** Filters of groups: of the grouped fields themselves, and of aggregates of any field. */
function having(
  generator: Generator,
  model: ModelInfo,
  by: readonly FieldInfo[],
  depth: number,
): Draft {
  const { random } = generator;
  if (depth > 0 && random.chance(0.2)) {
    const name = random.pick(['AND', 'OR', 'NOT']);
    return {
      [name]: [having(generator, model, by, depth - 1), having(generator, model, by, depth - 1)],
    };
  }
  const numeric = model.fields.filter(isNumeric);
  if (random.chance(0.35)) {
    const field = random.pick(by);
    return { [field.name]: fieldFilter(generator, field) };
  }
  const aggregate =
    numeric.length === 0 ? '_count' : random.pick(['_count', '_sum', '_avg', '_min', '_max']);
  const field =
    aggregate === '_count' ? random.pick(model.fields.filter(isOrdered)) : random.pick(numeric);
  const filter = aggregateFilter(generator, aggregate === '_count' ? undefined : field);
  return { [field.name]: { [aggregate]: filter } };
}

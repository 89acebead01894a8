import type { ModelInfo } from '../schema/metadata.ts';
import type { Draft, Generator, Operation } from './context.ts';
import { createData, createManyRow, updateData } from './data.ts';
import { connectOrCreate, skipDuplicates } from './nested.ts';
import { selection } from './selection.ts';
import { liveRow, where, whereUnique } from './where.ts';

/** Levels of nested writes below the operation itself. */
const NESTED_DEPTH = 3;

/** A write of any kind. */
export function write(generator: Generator): Operation {
  const { random } = generator;
  const model = random.pick(generator.focus);
  const action = random.weighted({
    create: 5,
    createMany: 2,
    createManyAndReturn: 1,
    update: 8,
    updateMany: 3,
    updateManyAndReturn: 2,
    upsert: 3,
    delete: 2,
    deleteMany: 1,
  });
  return { model: model.name, action, args: writeArgs(generator, model, action) };
}

function writeArgs(generator: Generator, model: ModelInfo, action: string): Draft {
  const { random } = generator;
  const depth = random.pick([0, 1, 1, 2, NESTED_DEPTH]);
  const row = random.chance(0.8) ? liveRow(generator, model) : undefined;
  const shape = (): Draft => (random.chance(0.4) ? selection(generator, model, 2) : {});
  switch (action) {
    case 'create':
      return { data: createData(generator, model, { depth }), ...shape() };
    case 'createMany':
    case 'createManyAndReturn': {
      const rows = Array.from({ length: random.int(1, 4) }, () => createManyRow(generator, model));
      const data = rows.length === 1 && random.chance(0.5) ? rows[0] : rows;
      return {
        data,
        ...skipDuplicates(generator),
        ...(action === 'createMany' ? {} : rowShape(generator, model)),
      };
    }
    case 'update':
      return {
        where: whereUnique(generator, model, { row }),
        data: updateData(generator, model, { depth, row }),
        ...shape(),
      };
    case 'updateMany':
    case 'updateManyAndReturn': {
      const args = {
        where: where(generator, model),
        data: updateData(generator, model, { depth: 0 }),
      };
      const limit = random.chance(0.15) ? { limit: random.int(0, 2) } : {};
      return { ...args, ...limit, ...(action === 'updateMany' ? {} : rowShape(generator, model)) };
    }
    case 'upsert': {
      const data = connectOrCreate(
        whereUnique(generator, model, { filters: 0.05, row: random.chance(0.6) ? row : undefined }),
        createData(generator, model, { depth }),
      );
      return { ...data, update: updateData(generator, model, { depth, row }), ...shape() };
    }
    case 'delete':
      return { where: whereUnique(generator, model, { row }), ...shape() };
    default: {
      const limit = random.chance(0.15) ? { limit: random.int(0, 2) } : {};
      return { where: where(generator, model), ...limit };
    }
  }
}

/** What `…AndReturn` can show: the row's own fields, and the rows its keys lead to. */
function rowShape(generator: Generator, model: ModelInfo): Draft {
  const keys = model.relations.filter(({ side }) => side === 'key');
  return generator.random.chance(0.5) ? selection(generator, { ...model, relations: keys }, 1) : {};
}

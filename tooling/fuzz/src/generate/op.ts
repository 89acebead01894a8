import type { Draft, Generator, Operation } from './context.ts';
import { modelOf, type ModelInfo } from '../schema/metadata.ts';
import { updateData } from './data.ts';
import { throughMovedKey } from './move.ts';
import { nullableValue } from './value.ts';
import { rawWrite, type RawWrite } from './raw.ts';
import { where } from './where.ts';
import { write } from './write.ts';

/** What can happen between two rounds of reads. */
export type Op =
  | { readonly kind: 'write'; readonly operation: Operation }
  | {
      readonly kind: 'transaction';
      readonly style: 'interactive' | 'batch';
      readonly operations: readonly Operation[];
      /** Ends with a rollback on purpose. */
      readonly rollback: boolean;
    }
  /** Two writers: `other` happens as a whole just before `operation` takes its step with this number, counted from 0. */
  | {
      readonly kind: 'duel';
      readonly operation: Operation;
      readonly other: Operation;
      readonly step: number;
      /**
       * What a step is: a call of the plan (the default), or one of the statements that Prisma makes of it. The latter only
       * where each statement is a transaction of its own; else it is as `call`.
       */
      readonly steps?: 'calls' | 'statements';
    }
  /** Text that the database is sent as it is. */
  | ({ readonly kind: 'raw' } & RawWrite)
  /** What an application says by hand: everything, a model, some of its rows, a label. */
  | { readonly kind: 'invalidate'; readonly target?: unknown };

/** `interleaved`: duels whose steps are statements. */
export type OpWeights = Readonly<Record<Op['kind'] | 'interleaved', number>>;

/** For the planners alone, which know model operations. */
export const OP_WEIGHTS: OpWeights = {
  write: 10,
  transaction: 1.5,
  duel: 2,
  raw: 0,
  invalidate: 0,
  interleaved: 1,
};
/** For a client with everything that it takes. */
export const CLIENT_WEIGHTS: OpWeights = {
  write: 10,
  transaction: 2,
  duel: 1,
  raw: 1,
  invalidate: 0.5,
  interleaved: 0,
};

export function randomOp(generator: Generator, weights: OpWeights = OP_WEIGHTS): Op {
  const { random } = generator;
  const kind = random.weighted(weights);
  switch (kind) {
    case 'write':
      return { kind, operation: write(generator) };
    case 'transaction':
      return {
        kind,
        style: random.pick(['interactive', 'batch']),
        operations: Array.from({ length: random.int(1, 3) }, () => write(generator)),
        rollback: random.chance(0.25),
      };
    case 'raw':
      return { kind, ...rawWrite(generator) };
    case 'invalidate': {
      const { name } = random.pick(generator.focus);
      const where = whereFilter(generator, random.pick(generator.focus));
      const targets = [undefined, name, { model: name }, where, { tags: ['fuzz'] }];
      return { kind, target: random.pick<unknown>(targets) };
    }
    case 'duel': {
      const operation = write(generator);
      return {
        kind,
        operation,
        other: rivalOf(generator, operation),
        step: random.pick([0, 1, 1, 1, 2]),
      };
    }
    case 'interleaved': {
      const step = random.int(1, 6);
      const through = random.chance(0.3) ? throughMovedKey(generator) : undefined;
      if (through !== undefined) return { kind: 'duel', ...through, step, steps: 'statements' };
      const operation = write(generator);
      const other = rivalOf(generator, operation);
      return { kind: 'duel', operation, other, step, steps: 'statements' };
    }
  }
}

function whereFilter(generator: Generator, model: ModelInfo): unknown {
  return { model: model.name, where: where(generator, model, { depth: 1 }) };
}

/** What another writer does at the same time: often to the same rows. */
function rivalOf(generator: Generator, operation: Operation): Operation {
  const { random, schema } = generator;
  const rival = write(generator);
  const rows = operation.args['where'];
  if (rows === undefined || random.chance(0.3)) return rival;
  const unique = ['update', 'delete', 'upsert'].includes(operation.action);
  const action = unique
    ? random.pick(['update', 'update', 'delete'])
    : random.pick(['updateMany', 'deleteMany']);
  const model = modelOf(schema, operation.model);
  if (!action.startsWith('update')) return { model: model.name, action, args: { where: rows } };
  const data = random.chance(0.6)
    ? sameFields(generator, model, operation.args['data'])
    : updateData(generator, model, { depth: 0 });
  return { model: model.name, action, args: { where: rows, data } };
}

/** Other values for the fields that a `data` argument sets. */
function sameFields(generator: Generator, model: ModelInfo, data: unknown): Draft {
  const names = typeof data === 'object' && data !== null ? Object.keys(data) : [];
  const fields = model.fields.filter(({ name, kind }) => names.includes(name) && kind !== 'Json');
  return Object.fromEntries(fields.map((field) => [field.name, nullableValue(generator, field)]));
}

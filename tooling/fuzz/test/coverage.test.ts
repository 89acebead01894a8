import { beforeAll, describe, expect, it } from 'vitest';
import { createMemoryDatabase } from '../src/database/memory.ts';
import type { Generator, Operation } from '../src/generate/context.ts';
import { updateData } from '../src/generate/data.ts';
import { fieldFilter } from '../src/generate/filter.ts';
import { randomOp, type Op } from '../src/generate/op.ts';
import { read } from '../src/generate/read.ts';
import { where } from '../src/generate/where.ts';
import { findSchema } from '../src/options.ts';
import { isPlain } from '../src/oracle/canonical.ts';
import { Random } from '../src/random.ts';
import type { Delegate } from '../src/schema/client.ts';
import { loadSchema, type LoadedSchema } from '../src/schema/load.ts';
import { modelOf } from '../src/schema/metadata.ts';
import { inputsOf, type Inputs } from './support/inputs.ts';

const DRAWS = 4_000;

/** What the generators have used, by a name of the place where they used it. */
type Used = Map<string, Set<string>>;

function note(used: Used, place: string, value: unknown): void {
  if (!isPlain(value)) return;
  const names = used.get(place) ?? new Set();
  for (const [name, inner] of Object.entries(value)) if (inner !== undefined) names.add(name);
  used.set(place, names);
}

function generatorOf({ info, createClient, ddl }: LoadedSchema): Generator {
  const client =
    info.provider === 'sqlite' ? createClient(createMemoryDatabase(ddl).adapter()) : undefined;
  return {
    random: new Random(1),
    schema: info,
    focus: [...info.models.values()],
    reference: ({ model, name }) =>
      (client?.[modelOf(info, model).delegate] as Delegate | undefined)?.fields[name] ?? null,
    rows: () => [],
    related: () => [],
  };
}

function operationsOf(op: Op): readonly Operation[] {
  switch (op.kind) {
    case 'write':
      return [op.operation];
    case 'duel':
      return [op.operation, op.other];
    case 'transaction':
      return op.operations;
    default:
      return [];
  }
}

describe.each(['types', 'native', 'graph'])('on the schema %s', (name) => {
  let schema: LoadedSchema;
  let inputs: Inputs;
  let generator: Generator;

  beforeAll(async () => {
    schema = await loadSchema(findSchema(name));
    inputs = await inputsOf(schema.text);
    generator = generatorOf(schema);
  }, 60_000);

  it('every operation is drawn with every argument that Prisma has', () => {
    const used: Used = new Map();
    for (let i = 0; i < DRAWS * 3; i++) {
      for (const operation of [read(generator), ...operationsOf(randomOp(generator))]) {
        // Prisma's `count` is a part of `aggregate`, `select` decides which of its parts; `…OrThrow` are the client's own.
        note(used, `${operation.model}.${operation.action}`, operation.args);
      }
    }
    for (const { name: model } of generator.focus) {
      const operations = inputs.operations(model);
      expect(operations.size, model).toBeGreaterThan(10);
      for (const [action, args] of operations) {
        expect([...(used.get(`${model}.${action}`) ?? [])], `${model}.${action}`).toEqual(
          expect.arrayContaining([...args]),
        );
      }
      expect(used.has(`${model}.count`)).toBe(true);
    }
  });

  it('every operator that a field has in a filter is drawn', () => {
    const used: Used = new Map();
    for (const model of generator.focus) {
      for (let i = 0; i < DRAWS; i++) {
        for (const field of model.fields) {
          const filter = fieldFilter(generator, field);
          note(used, `${model.name}.${field.name}`, filter);
        }
        for (const [field, filter] of Object.entries(where(generator, model))) {
          note(used, `${model.name}.${field}`, filter);
        }
      }
      for (const { name: field } of [...model.fields, ...model.relations]) {
        const wanted = inputs.operators(`${model.name}WhereInput`, field);
        expect([...(used.get(`${model.name}.${field}`) ?? [])], `${model.name}.${field}`).toEqual(
          expect.arrayContaining([...wanted]),
        );
      }
    }
  });

  it('every operation on a field or relation is drawn in an update', () => {
    const used: Used = new Map();
    for (const model of generator.focus) {
      for (let i = 0; i < DRAWS * 2; i++) {
        const data = updateData(generator, model, { depth: 1 });
        for (const [field, value] of Object.entries(data)) {
          note(used, `${model.name}.${field}`, value);
        }
      }
      for (const { name: field } of [...model.fields, ...model.relations]) {
        const wanted = new Set([
          ...inputs.operators(`${model.name}UpdateInput`, field),
          ...inputs.operators(`${model.name}UncheckedUpdateInput`, field),
        ]);
        expect([...(used.get(`${model.name}.${field}`) ?? [])], `${model.name}.${field}`).toEqual(
          expect.arrayContaining([...wanted]),
        );
      }
    }
  });
});

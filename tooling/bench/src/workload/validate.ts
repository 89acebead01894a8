import { isDeepStrictEqual } from 'node:util';
import { createLibsqlDatabase } from '@boost-tooling/database';
import {
  createPlanContext,
  planRead,
  type Operation,
  type ReadOperation,
  type Schema,
} from '@boost/core';
import { PrismaClient } from '../../prisma/generated/client/client.ts';
import { copyRows } from './copy-rows.ts';
import { createSite, type Size } from './data.ts';
import { Random } from './random.ts';
import { Traffic, type Audience } from './traffic.ts';

/** One read in this many is compared; every write is. */
const SAMPLE = 40;

type Delegate = Readonly<Record<string, (args: unknown) => Promise<unknown>>>;

export interface Validation extends Audience {
  readonly schema: Schema;
  /** Text of the Prisma schema. */
  readonly schemaText: string;
  readonly seed: number;
  readonly size: Size;
}

/**
 * Plays the traffic on a real libSQL database through Prisma's client and on the tables in memory, and compares what they
 * return: every write, a sample of the reads as the app sends them and as the planner widens them, and all rows at the end.
 *
 * @returns how many results were compared
 * @throws RangeError at the first that differs
 */
export async function validate(options: Validation): Promise<number> {
  const { schema, schemaText, seed, size } = options;
  const random = new Random(seed);
  const tables = createSite(schema, random, size);
  const traffic = new Traffic(tables, random, size, options);
  const context = createPlanContext(schema, {
    granularity: 'field',
    maxScopes: 1000,
    maxBulkRows: 600,
    maxParameters: 1000,
  });
  const database = await createLibsqlDatabase(schemaText);
  const client = new PrismaClient({ adapter: database.adapter() });
  const ask = ({ model, action, args }: Operation): Promise<unknown> => {
    const delegate = (client as unknown as Readonly<Record<string, Delegate>>)[model.toLowerCase()];
    const run = delegate?.[action];
    if (run === undefined) throw new RangeError(`the client has no ${model}.${action}`);
    return run(args);
  };
  let compared = 0;
  const compare = async (operation: Operation, expected: unknown): Promise<void> => {
    compared += 1;
    const actual = await ask(operation);
    if (isDeepStrictEqual(actual, expected)) return;
    const texts = [JSON.stringify(operation), JSON.stringify(actual), JSON.stringify(expected)];
    throw new RangeError(`Prisma and the tables in memory differ: ${texts.join('\n')}`);
  };
  const compareRead = async (operation: ReadOperation): Promise<void> => {
    await compare(operation, tables.read(operation));
    const widened = { ...operation, args: planRead(context, operation).args };
    if (widened.args !== operation.args) await compare(widened, tables.read(widened));
  };
  try {
    await copyRows(tables, schema.modelNames, ask);
    let reads = 0;
    for (let page = 0; page < size.warmUpPages + size.pages; page++) {
      await traffic.page({
        async read(operation) {
          if (reads++ % SAMPLE === 0) await compareRead(operation);
          return tables.read(operation);
        },
        write: (operation) => compare(operation, tables.write(operation)),
      });
    }
    for (const model of schema.modelNames) {
      await compareRead({ model, action: 'findMany', args: { orderBy: { id: 'asc' } } });
    }
  } finally {
    await client.$disconnect();
    await database.drop();
  }
  return compared;
}

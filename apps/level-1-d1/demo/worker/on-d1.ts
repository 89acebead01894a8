import { PrismaD1 } from '@prisma/adapter-d1';
import { PrismaClient } from '../../prisma/generated/client/client';
import { createApi } from '../../src/api';
import type { Client, Env, Hooks } from '../../src/client';
import { countingStatements } from './counted.ts';
import type { Api, MeteredOptions } from './metered.ts';

/** The API needs nothing of the client that a plain one does not have. */
const plainApi = createApi(
  (env) => new PrismaClient({ adapter: new PrismaD1(env.DB) }) as unknown as Client,
);

/** An API on D1 with its statements counted, for `metered`. */
export function onD1(
  createCachedApi: (hooks: Hooks) => Api<Env>,
): Pick<MeteredOptions<Env>, 'createCachedApi' | 'createPlainApi'> {
  return {
    createCachedApi: (meters) => countingStatements(createCachedApi(meters.hooks), meters),
    createPlainApi: (meters) => countingStatements(plainApi, meters),
  };
}

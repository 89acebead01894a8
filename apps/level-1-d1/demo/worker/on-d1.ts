import { PrismaD1 } from '@prisma/adapter-d1';
import { PrismaClient } from '../../prisma/generated/client/client';
import { createApi } from '../../src/api';
import type { Client, Env, Hooks } from '../../src/client';
import { countedDatabase } from './counted.ts';
import type { Api, MeteredOptions, Meters } from './metered.ts';

/** The API needs nothing of the client that a plain one does not have. */
const plainApi = createApi(
  (env) => new PrismaClient({ adapter: new PrismaD1(env.DB) }) as unknown as Client,
);

/** An API on D1 with its statements counted, for `metered`. */
export function onD1(
  createCachedApi: (hooks: Hooks) => Api<Env>,
): Pick<MeteredOptions<Env>, 'createCachedApi' | 'createPlainApi'> {
  return {
    createCachedApi: (meters) => counted(createCachedApi(meters.hooks), meters),
    createPlainApi: (meters) => counted(plainApi, meters),
  };
}

function counted(api: Api<Env>, { database }: Meters): Api<Env> {
  return {
    fetch: (request, env, ctx) =>
      api.fetch(request, { ...env, DB: countedDatabase(env.DB, database) }, ctx),
  };
}

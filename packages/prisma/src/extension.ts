import { parseConfig, type Args, type CacheConfig, type Schema } from '@boost/core';
import { CacheClient } from './cache-client.js';
import { clientMethods } from './client-methods.js';
import {
  inspectClient,
  readCall,
  STATES,
  statesOf,
  type CallInternals,
  type PrismaClientLike,
  type QueryCallbackParams,
} from './internal/prisma-internals.js';
import { isRead, isWrite } from './operations.js';
import type { CacheExtensionOptions } from './options.js';
import { raw } from './raw-operation.js';
import { read } from './read-operation.js';
import { checkOptionNames, resolveOptions } from './resolve-options.js';
import type { CacheExtension } from './types.js';
import { write } from './write-operation.js';

/** Compiled configurations: a worker makes a client for each request, of the same module. */
const schemas = new WeakMap<CacheConfig, Schema>();

/**
 * Makes the reads of a Prisma client cached, and its writes invalidate exactly what they changed.
 *
 * ```ts
 * const prisma = new PrismaClient({ adapter }).$extends(
 *   createCacheExtension({ adapter: createKVAdapter({ kv: env.CACHE }), config: cacheConfig, version: 'v1', executionCtx: ctx }),
 * );
 * ```
 *
 * @throws BoostError `BOOST_OPTION_INVALID`, `BOOST_CONFIG_INVALID`, `BOOST_MODEL_UNKNOWN`; from `$extends`, `BOOST_PRISMA_UNSUPPORTED`
 */
export function createCacheExtension<Client>(
  options: CacheExtensionOptions,
): CacheExtension<Client> {
  checkOptionNames(options);
  const schema = schemaOf(options.config);
  const resolved = resolveOptions(options, schema);
  const extend = (parent: unknown): unknown => {
    const prisma = inspectClient(parent);
    const client = new CacheClient(prisma, options, resolved, schema);
    return extendWith(prisma, client);
  };
  return extend as CacheExtension<Client>;
}

function schemaOf(config: CacheConfig): Schema {
  const known = schemas.get(config);
  if (known !== undefined) return known;
  const schema = parseConfig(config);
  schemas.set(config, schema);
  return schema;
}

function extendWith(prisma: PrismaClientLike, client: CacheClient): PrismaClientLike {
  const onOperation = function (this: unknown, params: QueryCallbackParams): Promise<unknown> {
    try {
      return operate(client, params, readCall(this, onOperation, params));
    } catch (error) {
      // Whoever calls, another extension say, expects a promise.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever the application's own function threw
      return Promise.reject(error);
    }
  };
  return prisma.$extends({
    name: 'boost',
    query: { $allOperations: onOperation },
    client: { ...clientMethods(client), [STATES]: [...statesOf(prisma), client] },
  });
}

function operate(
  client: CacheClient,
  { model, operation: action, args }: QueryCallbackParams,
  internals: CallInternals,
): Promise<unknown> {
  const context = client.contextOf(internals);
  if (model !== undefined && isRead(action)) {
    return read(client, { model, action, args: args as Args, internals, context });
  }
  const change = (): Promise<unknown> =>
    model !== undefined && isWrite(action)
      ? write(client, { model, action, args: args as Args, internals, context })
      : raw(client, { args, internals, context });
  return client.d1 === undefined ? change() : client.d1.fresh(change);
}

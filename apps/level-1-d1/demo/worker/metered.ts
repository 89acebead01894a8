import { PrismaD1 } from '@prisma/adapter-d1';
import { PrismaClient } from '../../prisma/generated/client/client';
import { createApi } from '../../src/api';
import type { Client, Env, Hooks } from '../../src/client';
import { countedDatabase, countedStore, type DatabaseCount } from './counted.ts';
import {
  type InvalidationReport,
  PLAIN_HEADER,
  type ReadReport,
  REPORT_HEADER,
  type Report,
  type StoreCount,
  type Totals,
  TOTALS_PATH,
} from './report.ts';

interface Api<Bindings> {
  fetch(request: Request, env: Bindings, ctx: ExecutionContext): Response | Promise<Response>;
}

export interface MeteredOptions<Bindings extends Env> {
  /** The API as it is deployed, whose clients tell the hooks. */
  createCachedApi: (hooks: Hooks) => Api<Bindings>;
  /** What the worker sees in place of its KV. @defaultValue the KV */
  see?: (store: KVNamespace) => KVNamespace;
}

/** The API needs nothing of the client that a plain one does not have. */
const plainApi = createApi(
  (env) => new PrismaClient({ adapter: new PrismaD1(env.DB) }) as unknown as Client,
);

/** An example worker with meters on its bindings, and the same API over a plain client to compare with. */
export function metered<Bindings extends Env>({
  createCachedApi,
  see = (store) => store,
}: MeteredOptions<Bindings>): ExportedHandler<Bindings> {
  const store: StoreCount = { reads: 0, writes: 0, deletes: 0, lists: 0 };
  const meteredStores = new WeakMap<KVNamespace, KVNamespace>();
  let pending = 0;
  let errors = 0;

  /** One meter for a binding: Boost recognises the store of an isolate's clients by the binding. */
  function meteredStore(binding: KVNamespace): KVNamespace {
    const known = meteredStores.get(binding);
    if (known !== undefined) return known;
    const made = countedStore(see(binding), store);
    meteredStores.set(binding, made);
    return made;
  }

  /** Counts what goes on after the response, so that the demo can wait for it. */
  function watched(ctx: ExecutionContext): ExecutionContext {
    const waitUntil = (promise: Promise<unknown>): void => {
      pending += 1;
      const settle = (): void => {
        pending -= 1;
      };
      ctx.waitUntil(promise.then(settle, settle));
    };
    return {
      waitUntil,
      passThroughOnException: () => ctx.passThroughOnException(),
    } as ExecutionContext;
  }

  return {
    async fetch(request, env, ctx) {
      if (new URL(request.url).pathname === TOTALS_PATH) {
        return Response.json({ store, pending, errors } satisfies Totals);
      }
      const database: DatabaseCount = { statements: 0 };
      const reads: ReadReport[] = [];
      const invalidations: InvalidationReport[] = [];
      const hooks: Hooks = {
        onEvent(event) {
          if (event.type === 'read') reads.push(event);
        },
        onInvalidate(model, { scopes, affected }) {
          invalidations.push({ model, scopes, affected: affected.map(({ name }) => name) });
        },
        onError(error, operation) {
          errors += 1;
          console.error(operation, error);
        },
      };
      const api = request.headers.has(PLAIN_HEADER) ? plainApi : createCachedApi(hooks);
      const meteredEnv = {
        ...env,
        DB: countedDatabase(env.DB, database),
        CACHE: meteredStore(env.CACHE),
      };

      const started = performance.now();
      const answer = await api.fetch(request, meteredEnv, watched(ctx));
      const report: Report = {
        reads,
        invalidations,
        statements: database.statements,
        milliseconds: performance.now() - started,
      };
      const response = new Response(answer.body, answer);
      response.headers.set(REPORT_HEADER, encodeURIComponent(JSON.stringify(report)));
      return response;
    },
  };
}

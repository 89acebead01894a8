import { PrismaD1 } from '@prisma/adapter-d1';
import { PrismaClient } from '../../prisma/generated/client/client';
import { createApi } from '../../src/api';
import { type Client, connect, type Env, type Hooks } from '../../src/client';
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

/** The example worker with meters on its bindings, and the same API over a plain client to compare with. */

const store: StoreCount = { reads: 0, writes: 0, deletes: 0, lists: 0 };
const meteredStores = new WeakMap<KVNamespace, KVNamespace>();
let pending = 0;
let errors = 0;

/** One meter for a binding: Boost recognises the store of an isolate's clients by the binding. */
function metered(binding: KVNamespace): KVNamespace {
  const known = meteredStores.get(binding);
  if (known !== undefined) return known;
  const made = countedStore(binding, store);
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

/** The API needs nothing of the client that a plain one does not have. */
const plainApi = createApi(
  (env) => new PrismaClient({ adapter: new PrismaD1(env.DB) }) as unknown as Client,
);

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
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
      onInvalidate(model, { scopes }) {
        invalidations.push({ model, scopes });
      },
      onError(error, operation) {
        errors += 1;
        console.error(operation, error);
      },
    };
    const cachedApi = createApi((meteredEnv, watchedCtx) => connect(meteredEnv, watchedCtx, hooks));
    const api = request.headers.has(PLAIN_HEADER) ? plainApi : cachedApi;
    const meteredEnv = { DB: countedDatabase(env.DB, database), CACHE: metered(env.CACHE) };

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

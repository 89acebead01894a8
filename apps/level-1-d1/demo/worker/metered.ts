import type { Hooks } from '../../src/client';
import { countedStore, type DatabaseCount } from './counted.ts';
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

export interface Api<Bindings> {
  fetch(request: Request, env: Bindings, ctx: ExecutionContext): Response | Promise<Response>;
}

/** What the clients of one request tell. */
export interface Meters {
  readonly hooks: Hooks;
  readonly database: DatabaseCount;
}

export interface MeteredOptions<Bindings> {
  /** The API as it is deployed, with a client that tells the meters. */
  createCachedApi: (meters: Meters) => Api<Bindings>;
  /** The same over a client without cache. @defaultValue none: whoever asks for it gets an error */
  createPlainApi?: (meters: Meters) => Api<Bindings>;
  /** What the worker sees in place of its KV. @defaultValue the KV */
  see?: (store: KVNamespace) => KVNamespace;
}

/** An example worker with meters on its bindings, and the same API over a plain client to compare with. */
export function metered<Bindings extends { CACHE: KVNamespace }>({
  createCachedApi,
  createPlainApi = noPlainApi,
  see = (store) => store,
}: MeteredOptions<Bindings>): Required<Pick<ExportedHandler<Bindings>, 'fetch'>> {
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
      const create = request.headers.has(PLAIN_HEADER) ? createPlainApi : createCachedApi;
      const api = create({ hooks, database });
      const meteredEnv = { ...env, CACHE: meteredStore(env.CACHE) };

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

/** Hooks that tell two. */
export function both(first: Hooks, second: Hooks): Hooks {
  return {
    ...first,
    onEvent(event) {
      first.onEvent?.(event);
      second.onEvent?.(event);
    },
    onError(error, operation) {
      first.onError?.(error, operation);
      second.onError?.(error, operation);
    },
  };
}

function noPlainApi(): never {
  throw new Error('This worker has no client without cache.');
}

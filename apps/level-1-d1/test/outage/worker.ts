import { isBoostError } from 'prisma-boost';
import { connect, type Env } from '../../src/client';
import type { Answer, State } from './state.ts';

/** Reads through a KV that fails between `/break` and `/mend`, and a database that takes its time. */

/** Time enough for other requests to arrive. */
const QUERY_MS = 20;

let isBroken = false;
let asked = 0;
const errors: string[] = [];
let queries = 0;
let running = 0;
let mostQueries = 0;

function failing(kv: KVNamespace): KVNamespace {
  return new Proxy(kv, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property);
      if (typeof method !== 'function') return method;
      return (...given: unknown[]): unknown => {
        if (property === 'get') asked += 1;
        if (isBroken) return Promise.reject(new Error('KV is down'));
        return Reflect.apply(method, target, given) as unknown;
      };
    },
  });
}

/** The database, with its queries counted. */
function slow(database: D1Database): D1Database {
  const statement = (inner: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(inner, {
      get(target, property) {
        if (property === 'bind') {
          return (...values: unknown[]) => statement(target.bind(...values));
        }
        const method: unknown = Reflect.get(target, property);
        if (typeof method !== 'function') return method;
        return async (...given: unknown[]): Promise<unknown> => {
          queries += 1;
          running += 1;
          mostQueries = Math.max(mostQueries, running);
          await scheduler.wait(QUERY_MS);
          try {
            return (await Reflect.apply(method, target, given)) as unknown;
          } finally {
            running -= 1;
          }
        };
      },
    });
  return new Proxy(database, {
    get(target, property) {
      if (property === 'prepare') return (sql: string) => statement(target.prepare(sql));
      const method: unknown = Reflect.get(target, property);
      return typeof method === 'function' ? (method.bind(target) as unknown) : method;
    },
  });
}

const kvs = new WeakMap<KVNamespace, KVNamespace>();

/** One for all requests, as a binding is. */
function kvOf(env: Env): KVNamespace {
  const known = kvs.get(env.CACHE) ?? failing(env.CACHE);
  kvs.set(env.CACHE, known);
  return known;
}

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case '/state':
        return Response.json({ asked, errors, mostQueries, queries } satisfies State);
      case '/break':
      case '/mend':
        isBroken = pathname === '/break';
        [asked, queries, mostQueries] = [0, 0, 0];
        return new Response(null, { status: 204 });
      default: {
        const onError = (error: unknown, operation: string): void => {
          errors.push(`${operation} ${isBoostError(error) ? error.code : 'unknown'}`);
        };
        const prisma = connect({ DB: slow(env.DB), CACHE: kvOf(env) }, ctx, { onError });
        const where = { title: searchParams.get('title') ?? '' };
        const { data, info } = await prisma.post.findMany({ where }).withCacheInfo();
        const { status, reason } = info;
        const why = reason === undefined ? {} : { reason };
        return Response.json({ posts: data, status, ...why } satisfies Answer);
      }
    }
  },
};

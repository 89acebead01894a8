import { connect, type Env } from '../../src/client';
import type { State } from './state.ts';

/** Reads through a database whose statements wait until `/release`: time enough for others to join, and for callers to go. */

let received = 0;
let aborted = 0;
let statements = 0;
let isOpen = false;
let isLeaving = false;
let waiting = 0;

async function passGate(): Promise<void> {
  statements += 1;
  waiting += 1;
  // A promise that another request resolves would count as a hang.
  while (!isOpen) await scheduler.wait(1);
  waiting -= 1;
}

/** The database, with its statements behind the gate. */
function gated(database: D1Database): D1Database {
  const statement = (inner: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(inner, {
      get(target, property) {
        if (property === 'bind') {
          return (...values: unknown[]) => statement(target.bind(...values));
        }
        const method: unknown = Reflect.get(target, property);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]): Promise<unknown> => {
          await passGate();
          return Reflect.apply(method, target, args) as unknown;
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

interface OwnEnv extends Env {
  /** This worker, to be called as by a client that can go. */
  readonly SELF: Fetcher;
}

/** Calls the worker, and goes without its answer when `/leave` says so. */
async function callAndLeave(url: string, { SELF }: OwnEnv): Promise<Response> {
  const leaving = new AbortController();
  const answer = SELF.fetch(url, { signal: leaving.signal }).then(
    () => 'answered',
    () => 'gone',
  );
  while (!isLeaving) await scheduler.wait(1);
  leaving.abort();
  return new Response(await answer);
}

/** The query of a read that ends with its caller. */
const DYING = '?dying';
/** A context that keeps nothing alive. */
const MORTAL = { waitUntil: () => undefined } as unknown as ExecutionContext;

export default {
  async fetch(request: Request, env: OwnEnv, ctx: ExecutionContext): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    if (pathname === '/state') {
      return Response.json({ received, aborted, waiting, statements } satisfies State);
    }
    if (pathname === '/release') {
      isOpen = true;
      return new Response(null, { status: 204 });
    }
    if (pathname === '/leave') {
      isLeaving = true;
      return new Response(null, { status: 204 });
    }
    if (pathname === '/leader')
      return callAndLeave(new URL(`/read${search}`, request.url).href, env);
    request.signal.addEventListener('abort', () => {
      aborted += 1;
    });
    const prisma = connect(
      { DB: gated(env.DB), CACHE: env.CACHE },
      search === DYING ? MORTAL : ctx,
    );
    const reading = prisma.post.findMany({ where: { title: pathname } });
    received += 1;
    return Response.json(await reading);
  },
};

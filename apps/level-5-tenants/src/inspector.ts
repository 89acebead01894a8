import { createInspector, type Inspector } from 'prisma-boost/inspector';
import * as cacheConfig from '../prisma/generated/cacheConfig';
import type { Env } from './client';

interface App<Bindings> {
  fetch(request: Request, env: Bindings, ctx: ExecutionContext): Response | Promise<Response>;
}

/** Off unless the worker is started with `--var ENVIRONMENT:development`. */
export function inspectorOf(env: Env): Inspector {
  return createInspector({
    enabled: env.ENVIRONMENT === 'development',
    config: cacheConfig,
    coordinator: { namespace: env.EPOCH_COORDINATOR },
  });
}

/** The application, and its inspector at `/__boost`. */
export function inspected<Bindings extends Env>(app: App<Bindings>): App<Bindings> {
  return {
    fetch: async (request, env, ctx) =>
      (await inspectorOf(env).fetch(request)) ?? app.fetch(request, env, ctx),
  };
}

import { isolateState, type EngineHooks } from '@boost/core';
import { admit } from './access.js';
import { coordinatorReply } from './coordinator-reply.js';
import { resolveOptions, type InspectorOptions, type ResolvedInspectorOptions } from './options.js';
import { RECORDING, type Recording } from './recording.js';
import { answer, pageResponse, plain } from './responses.js';
import { schemaGraph, scopesOfSchema } from './schema-graph.js';

/** What the cache tells the inspector; nothing while it is off. */
export type InspectorHooks = Pick<EngineHooks, 'onEvent' | 'onError'>;

export interface Inspector {
  /** For the options of `createCacheExtension`. Call them from hooks of your own if you have some. */
  readonly hooks: InspectorHooks;
  /**
   * Answers requests for `/__boost` and what is below.
   *
   * @returns undefined for every other request, and for all while the inspector is off: the application answers them
   */
  fetch(request: Request): Promise<Response | undefined>;
}

const PATH = '/__boost';

/**
 * A page at `/__boost` that shows what the cache of this isolate does. For development: off unless `enabled` is true, and seen from
 * this machine alone unless there is a `token`.
 *
 * ```ts
 * const inspector = createInspector({ enabled: env.ENVIRONMENT === 'development', config: cacheConfig });
 * const page = await inspector.fetch(request);
 * if (page !== undefined) return page;
 * const prisma = new PrismaClient({ adapter }).$extends(createCacheExtension({ …, ...inspector.hooks }));
 * ```
 *
 * It shows names of models and fields, keys and scopes, and with the scopes the keys of rows (`Post:42`, `User{email="…"}`); never a
 * value of a result.
 *
 * @throws BoostError `BOOST_OPTION_INVALID`
 */
export function createInspector(options: InspectorOptions): Inspector {
  const resolved = resolveOptions(options);
  if (!resolved.enabled) return OFF;
  const { config, capacity } = resolved;
  const recording = isolateState(config, RECORDING);
  return {
    hooks: {
      onEvent: (event) => recording.record(event, Date.now(), capacity),
      onError: (error, operation) => recording.fail(error, operation, Date.now(), capacity),
    },
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname !== PATH && !pathname.startsWith(`${PATH}/`)) return undefined;
      return respond(request, pathname.slice(PATH.length), resolved, recording);
    },
  };
}

const OFF: Inspector = { hooks: {}, fetch: () => Promise.resolve(undefined) };

async function respond(
  request: Request,
  path: string,
  { token, config, coordinator, capacity }: ResolvedInspectorOptions,
  recording: Recording,
): Promise<Response> {
  const access = await admit(request, token, PATH);
  if (access.kind === 'refused') return plain(access.status, access.why);
  if (request.method !== 'GET') return plain(405, 'The inspector only shows.', { allow: 'GET' });
  if (access.kind === 'exchange') {
    const { location, cookie } = access;
    return plain(303, 'With a cookie from here on.', { location, 'set-cookie': cookie });
  }
  switch (path) {
    case '':
    case '/':
      return pageResponse();
    case '/schema':
      return answer(schemaGraph(config));
    case '/events': {
      const since = Number(new URL(request.url).searchParams.get('since') ?? 0);
      if (!Number.isSafeInteger(since) || since < 0) return plain(400, 'since is a number.');
      return answer(recording.reply(since, Date.now()));
    }
    case '/coordinator':
      try {
        const known = [...scopesOfSchema(config), ...recording.scopes()];
        return answer(await coordinatorReply(coordinator, recording.tenants, known));
      } catch (error) {
        recording.fail(error, 'inspect', Date.now(), capacity);
        return plain(502, 'The coordinator did not answer.');
      }
    default:
      return plain(404, 'The inspector has no such page.');
  }
}

import type { Env, Hooks } from 'level-1-d1/client';
import { type Api, metered } from 'level-1-d1/metered';
import { onD1 } from 'level-1-d1/metered/d1';
import { distant, type DistantStore } from './distant-store.ts';

/** Asked for, KV shows this worker no put any more. */
const FREEZE_PATH = '/kv/freeze';

/** An example worker with meters, in a data centre that the puts of others can be kept from. */
export function inDataCentre(createApi: (hooks: Hooks) => Api<Env>): ExportedHandler<Env> {
  let store: DistantStore | undefined;
  const createCachedApi = (hooks: Hooks): Api<Env> => ({
    async fetch(request, env, ctx) {
      if (new URL(request.url).pathname !== FREEZE_PATH) {
        return createApi(hooks).fetch(request, env, ctx);
      }
      await store?.freeze();
      return new Response();
    },
  });
  return metered({
    ...onD1(createCachedApi),
    see(kv) {
      store = distant(kv);
      return store.kv;
    },
  });
}

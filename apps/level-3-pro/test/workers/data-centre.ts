import type { Env } from 'level-1-d1/client';
import { metered, type MeteredOptions } from 'level-1-d1/metered';
import { distant, type DistantStore } from './distant-store.ts';

/** Asked for, KV shows this worker no put any more. */
const FREEZE_PATH = '/kv/freeze';

/** An example worker with meters, in a data centre that the puts of others can be kept from. */
export function inDataCentre(
  createCachedApi: MeteredOptions<Env>['createCachedApi'],
): ExportedHandler<Env> {
  let store: DistantStore | undefined;
  return metered({
    see(kv) {
      store = distant(kv);
      return store.kv;
    },
    createCachedApi: (hooks) => ({
      async fetch(request, env, ctx) {
        if (new URL(request.url).pathname !== FREEZE_PATH)
          return createCachedApi(hooks).fetch(request, env, ctx);
        await store?.freeze();
        return new Response();
      },
    }),
  });
}

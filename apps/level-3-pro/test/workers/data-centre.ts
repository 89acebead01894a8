import { type Api, metered, type MeteredOptions, type Meters } from 'level-1-d1/metered';
import { distant, type DistantStore } from './distant-store.ts';

/** Asked for, KV shows this worker no put any more. */
const FREEZE_PATH = '/kv/freeze';

/** An example worker with meters, in a data centre that the puts of others can be kept from. */
export function inDataCentre<Bindings extends { CACHE: KVNamespace }>(
  options: MeteredOptions<Bindings>,
): ExportedHandler<Bindings> {
  let store: DistantStore | undefined;
  const createCachedApi = (meters: Meters): Api<Bindings> => ({
    async fetch(request, env, ctx) {
      if (new URL(request.url).pathname !== FREEZE_PATH) {
        return options.createCachedApi(meters).fetch(request, env, ctx);
      }
      await store?.freeze();
      return new Response();
    },
  });
  return metered({
    ...options,
    createCachedApi,
    see(kv) {
      store = distant(kv);
      return store.kv;
    },
  });
}

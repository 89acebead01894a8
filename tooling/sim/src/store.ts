import type { CacheAdapter } from '@boost/core';
import type { Packages } from './build.ts';
import { withIdentity } from './identity.ts';
import type { Request } from './isolate.ts';
import type { KV } from './kv.ts';

/** The store of a request: KV, with the cache of the data centre in front of it where there are two tiers. */
export function storeOf(
  packages: Packages,
  kv: KV,
  request: Request,
  isTwoTier: boolean,
): CacheAdapter {
  const l2 = withIdentity(packages.createKVAdapter({ kv: kv.binding(request) }), request.isolate);
  if (!isTwoTier) return l2;
  const l1 = packages.createCFCacheAdapter({ baseUrl: 'https://cache.example.com' });
  const { clock } = request.ports;
  return packages.createTwoTierAdapter({ clock, l1, l2, l1TTLRatio: 0.5 });
}

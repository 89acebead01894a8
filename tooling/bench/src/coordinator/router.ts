import { PrivateShardRouter, Traffic } from '@boost/coordinator';
import { measureInterleaved } from '../group.ts';

const TENANTS = Array.from({ length: 1_000 }, (_, index) => `tenant-${index}`);

/** What the router does for each operation: it counts the operation, and looks up the count of the tenant's shards. */
export function routerCosts(): Record<string, number> {
  const tenantShards = Object.fromEntries(TENANTS.slice(0, 100).map((tenant) => [tenant, 8]));
  const traffic = new Traffic();
  const router = new PrivateShardRouter({ tenantShards }, { traffic });
  let operation = 0;
  const { route } = measureInterleaved(
    {
      route() {
        operation += 1;
        const tenant = TENANTS[operation % TENANTS.length] ?? '';
        traffic.count(tenant, Date.now());
        return router.shardCount(tenant);
      },
    },
    100_000,
  );
  return { router_us: route ?? Number.NaN };
}

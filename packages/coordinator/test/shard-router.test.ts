import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PUBLIC } from '../src/client/channels.js';
import { PrivateShardRouter } from '../src/shards/private-shard-router.js';
import { relaysOf, resolveSharding, type ShardingOptions } from '../src/shards/sharding-options.js';
import { ratesOf } from '../src/shards/rates.js';
import { Traffic } from '../src/shards/traffic.js';

const SHARDING: ShardingOptions = {
  defaultShards: 32,
  publicShards: 4,
  tenantShards: { 'acme-corp': 8, 'widgets-inc': 4 },
};

function make(): {
  readonly router: PrivateShardRouter;
  readonly traffic: Traffic;
  readonly nowMs: () => number;
  readonly pass: (ms: number) => void;
} {
  let timeMs = 1_800_000_000_000;
  const traffic = new Traffic();
  const router = new PrivateShardRouter(SHARDING, { clock: { now: () => timeMs }, traffic });
  return { router, traffic, nowMs: () => timeMs, pass: (ms) => void (timeMs += ms) };
}

/** So many requests of each tenant in each of so many seconds. */
function ask(
  { traffic, nowMs, pass }: ReturnType<typeof make>,
  perSecond: Readonly<Record<string, number>>,
  seconds: number,
): void {
  for (let second = 0; second < seconds; second++) {
    for (const [tenant, requests] of Object.entries(perSecond)) {
      for (let request = 0; request < requests; request++) traffic.count(tenant, nowMs());
    }
    pass(1_000);
  }
  // The second that has just begun does not count yet.
  pass(-1);
}

describe('the shard router', () => {
  it('tells how many objects answer, and how many of them are relays', () => {
    const { router } = make();
    expect(router.shardCount('acme-corp')).toBe(8);
    expect(router.shardCount('startup-xyz')).toBe(1);
    expect(router.shardCount('__proto__')).toBe(1);
    const sharding = resolveSharding(SHARDING);
    expect(relaysOf(sharding, 'epoch-acme-corp', 'acme-corp')).toBe(8);
    expect(relaysOf(sharding, 'epoch-startup-xyz', 'startup-xyz')).toBe(0);
    expect(relaysOf(sharding, PUBLIC, 'startup-xyz')).toBe(4);
    expect(relaysOf(sharding, PUBLIC, null)).toBe(4);
    expect(relaysOf(sharding, PUBLIC, undefined)).toBe(32);
  });

  it('names the tenants that had more requests than one object answers, the busiest first', () => {
    const made = make();
    ask(made, { 'startup-xyz': 1_523, 'acme-corp': 2_847, small: 1_000 }, 10);
    const hot = made.router.detectHotTenants(10_000);
    expect(Object.entries(hot)).toEqual([
      ['acme-corp', 2_847],
      ['startup-xyz', 1_523],
    ]);
    expect(made.router.detectHotTenants(20_000)).toEqual({ 'acme-corp': 1_424 });
  });

  it('recommends what the requests of the last minute need', () => {
    const made = make();
    ask(made, { 'startup-xyz': 1_523 }, 60);
    expect(made.router.detectHotTenants(60_000)).toEqual({ 'startup-xyz': 1_523 });
    expect(made.router.recommendShardCount('startup-xyz')).toBe(2);
    expect(made.router.recommendShardCount('nobody')).toBe(1);
    made.pass(60_000);
    expect(made.router.detectHotTenants(60_000)).toEqual({});
  });

  it('takes what all isolates have seen, where that is more', () => {
    const { router } = make();
    router.seed([{ tenant: 'acme-corp', peakReadsPerSecond: 2_847.4 }]);
    expect(router.detectHotTenants(60_000)).toEqual({ 'acme-corp': 2_847 });
    expect(router.recommendShardCount('acme-corp')).toBe(3);
    const wrong = [{ tenant: 'acme-corp', peakReadsPerSecond: Number.NaN }];
    expect(() => router.seed(wrong)).toThrow('BOOST_OPTION_INVALID');
  });

  it.each([0, 999, 300_001, Number.NaN, Infinity])('refuses a window of %s ms', (windowMs) => {
    expect(() => make().router.detectHotTenants(windowMs)).toThrow('BOOST_OPTION_INVALID');
  });

  it('counts what a list of all requests counts, whatever the clock does', () => {
    const step = fc.record({
      tenant: fc.constantFrom('a', 'b'),
      requests: fc.integer({ min: 0, max: 5 }),
      ms: fc.integer({ min: -500, max: 400_000 }),
    });
    const run = fc.property(fc.array(step), fc.constantFrom(1, 7, 300), (steps, window) => {
      const traffic = new Traffic();
      const all: { tenant: string; second: number }[] = [];
      let nowMs = 10_000_000;
      let latest = 0;
      for (const { tenant, requests, ms } of steps) {
        nowMs += ms;
        // A clock that is set back counts in the second that it was in.
        latest = Math.max(latest, Math.floor(nowMs / 1_000));
        for (let n = 0; n < requests; n++) {
          traffic.count(tenant, latest * 1_000);
          all.push({ tenant, second: latest });
        }
      }
      for (const tenant of ['a', 'b']) {
        const own = all.filter((each) => each.tenant === tenant);
        const counted = own.filter(({ second }) => second > latest - window).length;
        const rate = ratesOf(traffic, window, latest * 1_000).get(tenant) ?? 0;
        expect(rate).toBeCloseTo(counted / window);
      }
    });
    fc.assert(run);
  });

  it('recommends the groups that the hints name, under a version of their own, unless they are in force', () => {
    const placementHints = [['Post', 'Comment'], ['User']];
    const router = new PrivateShardRouter(
      {
        tenantGroups: {
          'acme-corp': { version: 4, groups: [['User', 'Post']] },
          'widgets-inc': { version: 7, groups: [['User'], ['Comment', 'Post']] },
        },
      },
      { placementHints },
    );
    expect(router.recommendGroups('acme-corp')).toEqual({ version: 5, groups: placementHints });
    expect(router.recommendGroups('new-inc')).toEqual({ version: 1, groups: placementHints });
    expect(router.recommendGroups('widgets-inc')).toBeUndefined();
    expect(make().router.recommendGroups('acme-corp')).toBeUndefined();
    const twice = new PrivateShardRouter({}, { placementHints: [['Post'], ['Post']] });
    expect(() => twice.recommendGroups('acme-corp')).toThrow(/has the model Post twice/);
  });

  it('forgets the tenants that have asked for nothing longest', () => {
    const { traffic, nowMs, pass } = make();
    for (let tenant = 0; tenant < 3_000; tenant++) {
      traffic.count(`t${tenant}`, nowMs());
      traffic.count('often', nowMs());
      pass(10);
    }
    const known = ratesOf(traffic, 300, nowMs());
    expect(known.size).toBe(1_000);
    expect([known.has('often'), known.has('t0'), known.has('t2999')]).toEqual([true, false, true]);
  });
});

describe('the sharding option', () => {
  it.each<[string, unknown]>([
    ['sharding', null],
    ['sharding.defaultShards', { defaultShards: 0 }],
    ['sharding.defaultShards', { defaultShards: -1 }],
    ['sharding.publicShards', { publicShards: 1.5 }],
    ['sharding.publicShards', { publicShards: 257 }],
    ['sharding.publicShards', { publicShards: '4' }],
    ['sharding.tenantShards', { tenantShards: 8 }],
    ['sharding.tenantShards.acme', { tenantShards: { acme: Number.NaN } }],
    ['sharding.colo', { colo: '' }],
    ['sharding.relayLocationHint', { relayLocationHint: 1 }],
    ['sharding.modelGroups', { modelGroups: [['Post']] }],
    ['sharding.defaultGroups', { defaultGroups: [['Post']] }],
    ['sharding.defaultGroups', { defaultGroups: { version: 0, groups: [] } }],
    ['sharding.publicGroups', { publicGroups: { version: 1, groups: [['Post'], ['Post']] } }],
    ['sharding.publicGroups', { publicGroups: { version: 1, groups: ['Post'] } }],
    ['sharding.tenantGroups.acme', { tenantGroups: { acme: { version: 1 } } }],
    ['sharding.tenantGroups', { tenantGroups: null }],
    ['sharding.shards', { shards: 4 }],
  ])('refuses a wrong %s (%j)', (option, sharding) => {
    const told: unknown = expect.objectContaining({
      code: 'BOOST_OPTION_INVALID',
      details: { option: `coordinator.${option}` },
    });
    expect(() => resolveSharding(sharding as ShardingOptions)).toThrow(told);
  });

  it.each([
    ['public-0', 'BOOST_TENANT_RESERVED'],
    ['', 'BOOST_TENANT_INVALID'],
  ])('refuses %j as the name of a tenant', (tenant, code) => {
    expect(() => resolveSharding({ tenantShards: { [tenant]: 2 } })).toThrow(code);
  });

  it('takes the counts of one object and of 256', () => {
    expect(resolveSharding({}).defaultShards).toBe(1);
    expect(resolveSharding({ publicShards: 256 }).publicShards).toBe(256);
  });
});

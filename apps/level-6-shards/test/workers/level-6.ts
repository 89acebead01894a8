import { countingStatements } from 'level-1-d1/metered/counted';
import { inDataCentre } from 'level-3-pro/data-centre';
import type { Env } from 'level-5-tenants/client';
import { EpochCoordinator as Deployed } from 'prisma-boost/coordinator';
import { createShardedApp } from '../../src/app';
import { connect } from '../../src/client';

/** A new object lets nothing be cached for 36 seconds. */
const QUIET_MS = 36_000;

interface TestEnv extends Env {
  /** Of this deployment; that of the application where it is not given. */
  ACME_SHARDS?: string;
}

/** What objects were asked: primaries by readers or by relays, and relays by readers. */
const asked = { primaries: 0, relays: 0 };

/** As it is deployed, but made a while before the tests. */
export class EpochCoordinator extends Deployed {
  #isMade = false;

  override sync(...given: Parameters<Deployed['sync']>): ReturnType<Deployed['sync']> {
    asked.primaries += 1;
    return super.sync(...given);
  }

  override relaySync(
    ...given: Parameters<Deployed['relaySync']>
  ): ReturnType<Deployed['relaySync']> {
    asked.relays += 1;
    return super.relaySync(...given);
  }

  /** The first thing that an object asks the time for is when it was made. */
  protected override now(): number {
    const sinceMs = this.#isMade ? 0 : QUIET_MS;
    this.#isMade = true;
    return super.now() - sinceMs;
  }
}

export default inDataCentre<TestEnv>({
  createCachedApi: ({ hooks, database }) => {
    const app = createShardedApp((env, ctx, options) => {
      const shards = Number((env as TestEnv).ACME_SHARDS ?? 8);
      const sharding = { publicShards: shards, tenantShards: { 'acme-corp': shards } };
      return connect(env, ctx, { ...options, hooks, sharding });
    });
    app.get('/asked', (c) => c.json(asked));
    return countingStatements(app, { database });
  },
});

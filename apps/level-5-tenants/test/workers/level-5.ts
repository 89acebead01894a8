import { countingStatements } from 'level-1-d1/metered/counted';
import { both } from 'level-1-d1/metered';
import { inDataCentre } from 'level-3-pro/data-centre';
import { EpochCoordinator as Deployed } from 'prisma-boost/coordinator';
import { createApp } from '../../src/app';
import { connect, type Env } from '../../src/client';
import { inspected, inspectorOf } from '../../src/inspector';

/** A new object lets nothing be cached for 36 seconds. */
const QUIET_MS = 36_000;

/** As it is deployed, but made a while before the tests. */
export class EpochCoordinator extends Deployed {
  #isMade = false;

  /** The first thing that an object asks the time for is when it was made. */
  protected override now(): number {
    const sinceMs = this.#isMade ? 0 : QUIET_MS;
    this.#isMade = true;
    return super.now() - sinceMs;
  }
}

/** Others' writes are seen when the session says so, or where reads are strong: not because a test took its time. */
const maxStalenessMs = 3_600_000;

export default inDataCentre<Env>({
  createCachedApi: ({ hooks, database }) => {
    const app = createApp((env, ctx, options) =>
      connect(env, ctx, {
        ...options,
        hooks: both(hooks, inspectorOf(env).hooks),
        maxStalenessMs,
      }),
    );
    return countingStatements(inspected(app), { database });
  },
});

import { inspected, inspectorOf } from 'level-5-tenants/inspector';
import { createShardedApp } from './app';
import { connect } from './client';

export { EpochCoordinator } from 'prisma-boost/coordinator';

export default inspected(
  createShardedApp((env, ctx, options) =>
    connect(env, ctx, { ...options, hooks: inspectorOf(env).hooks }),
  ),
);

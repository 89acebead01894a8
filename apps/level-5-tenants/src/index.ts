import { createApp } from './app';
import { connect } from './client';
import { inspected, inspectorOf } from './inspector';

export { EpochCoordinator } from 'prisma-boost/coordinator';

export default inspected(
  createApp((env, ctx, options) =>
    connect(env, ctx, { ...options, hooks: inspectorOf(env).hooks }),
  ),
);

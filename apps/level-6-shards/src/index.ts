import { createShardedApp } from './app';
import { connect } from './client';

export { EpochCoordinator } from 'prisma-boost/coordinator';

export default createShardedApp(connect);

export { EpochCoordinator } from '@boost/coordinator/durable-object';
export { PrivateShardRouter } from './private-shard-router.js';

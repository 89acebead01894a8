export { PrivateShardRouter, type ObservedPeak, type ShardingOptions } from '@boost/coordinator';
export { EpochCoordinator } from '@boost/coordinator/durable-object';

export {
  coordinatorAuthority,
  type CoordinatorAuthorityOptions,
} from './client/coordinator-authority.js';
export type { CoordinatorNamespace, Placement } from './client/namespace.js';
export { objectStates, type ObjectState } from './client/object-states.js';
export { checkCoordinatorOptions, type CoordinatorOptions } from './client/options.js';
export { MAX_WRITE_DEADLINE_MS } from './limits.js';
export type {
  CheckReply,
  CoordinatorRpc,
  RelayAllowance,
  RelayDelta,
  RelayRoute,
  RelayRpc,
} from './rpc.js';
export {
  PrivateShardRouter,
  type ObservedPeak,
  type RouterSurroundings,
} from './shards/private-shard-router.js';
export type { ModelGroups } from '@boost/core';
export type { ShardingOptions } from './shards/sharding-options.js';
export { Traffic } from './shards/traffic.js';

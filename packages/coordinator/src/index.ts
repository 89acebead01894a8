export {
  coordinatorAuthority,
  type CoordinatorAuthorityOptions,
} from './client/coordinator-authority.js';
export type { CoordinatorNamespace } from './client/namespace.js';
export { objectStates, type ObjectState } from './client/object-states.js';
export { checkCoordinatorOptions, type CoordinatorOptions } from './client/options.js';
export { MAX_WRITE_DEADLINE_MS } from './limits.js';
export type { CheckReply, CoordinatorRpc } from './rpc.js';

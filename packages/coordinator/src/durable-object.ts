export { EpochCoordinator } from './epoch-coordinator.js';

export { EpochCoordinator } from '@boost/coordinator/durable-object';

export default {};

import { EpochCoordinator } from '@boost/coordinator/durable-object';

export { EpochCoordinator };

/** As `new_classes` of the product page makes it. */
export class PlainCoordinator extends EpochCoordinator {}

export default {};

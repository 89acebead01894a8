import { EpochCoordinator } from '../src/durable-object.js';

/** How far the clock of the objects is ahead of the machine's, in milliseconds: time passes when a test says so. */
export const clock = { aheadMs: 0 };

export class TestCoordinator extends EpochCoordinator {
  protected override now(): number {
    return super.now() + clock.aheadMs;
  }
}

/** Without SQLite, as `new_classes` makes it. */
export class PlainCoordinator extends TestCoordinator {}

export default {};

import type { LogDelta, LogPosition } from '@boost/core';
import { EpochCoordinator } from '../src/durable-object.js';

/** How far the clock of the objects is ahead of the machine's, in milliseconds: time passes when a test says so. */
export const clock = { aheadMs: 0 };

/** What objects do when they are asked what is new, whoever asks: relays ask as well. */
export const questions: { count: number; isHeld: boolean; fails: boolean } = {
  count: 0,
  isHeld: false,
  fails: false,
};

export class TestCoordinator extends EpochCoordinator {
  override async sync(since?: LogPosition): Promise<LogDelta> {
    questions.count += 1;
    if (questions.fails) throw new Error('by the test');
    const delta = await super.sync(since);
    while (questions.isHeld) await scheduler.wait(1);
    return delta;
  }

  protected override now(): number {
    return super.now() + clock.aheadMs;
  }
}

/** Without SQLite, as `new_classes` makes it. */
export class PlainCoordinator extends TestCoordinator {}

export default {};

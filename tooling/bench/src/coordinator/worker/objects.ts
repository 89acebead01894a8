import type { LogDelta, LogPosition } from '@boost/core';
import { EpochCoordinator } from '@boost/coordinator/durable-object';
import { DurableObject } from 'cloudflare:workers';

/** How far behind the clock of the coordinator is, in milliseconds: its first half minute, in which nothing is cached, is over at once. */
export const clock = { behindMs: 0 };

/** How often a primary was asked what is new, by relays or by others. */
export const primaries = { syncs: 0 };

export class AgedCoordinator extends EpochCoordinator {
  override sync(since?: LogPosition): Promise<LogDelta> {
    primaries.syncs += 1;
    return super.sync(since);
  }

  protected override now(): number {
    return super.now() - clock.behindMs;
  }
}

/** The least that an object can do. */
export class BareObject extends DurableObject {
  noop(): void {
    return undefined;
  }

  /** One durable row. The answer is held back until it is stored. */
  write(id: string): void {
    void this.ctx.storage.put(`row:${id}`, { id });
  }
}

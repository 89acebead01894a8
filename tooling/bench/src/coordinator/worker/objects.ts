import { EpochCoordinator } from '@boost/coordinator/durable-object';
import { DurableObject } from 'cloudflare:workers';

/** How far behind the clock of the coordinator is, in milliseconds: its first half minute, in which nothing is cached, is over at once. */
export const clock = { behindMs: 0 };

export class AgedCoordinator extends EpochCoordinator {
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

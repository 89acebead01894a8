import type { Random } from '@boost-tooling/fuzz/random';
import { DatabaseError, type ChangedRow } from '../database.ts';
import type { Request } from '../isolate.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Settings } from './settings.ts';

/** Milliseconds before the deadline of a write after which the database does nothing of it any more. */
const SPARE_MS = 500;

/** A write, by everything that the database is asked for it. */
export interface Operation {
  readonly beganMs: number;
  /** The commits that it made. */
  readonly commits: number[];
  readonly changed: ChangedRow[];
}

/** The database as requests reach it: slow at times, its answers lost at times. */
export class Server {
  /** The write whose statement is being done. */
  operation: Operation | undefined;
  readonly #random: Random;
  readonly #settings: Settings;
  readonly #scheduler: Scheduler;

  constructor(random: Random, settings: Settings, scheduler: Scheduler) {
    this.#random = random;
    this.#settings = settings;
    this.#scheduler = scheduler;
  }

  /** Does something when the database gives up a write. */
  atLimit({ beganMs }: Operation, run: () => void): void {
    const { deadlineMs, isLimited } = this.#settings;
    const limitMs = isLimited ? deadlineMs - SPARE_MS : 3 * deadlineMs;
    this.#scheduler.at(beganMs + limitMs - this.#scheduler.nowMs, run);
  }

  ask<Result>(request: Request, read: () => Result): Promise<Result> {
    const toMs = this.#wayMs(2_000);
    return request.call(toMs, read, this.#wayMs(25_000));
  }

  /** A statement of a write that only reads. */
  look<Result>(request: Request, read: () => Result): Promise<Result> {
    return request.call(this.#wayMs(1_000), read, this.#wayMs(1_000));
  }

  change<Result>(request: Request, operation: Operation, statement: () => Result): Promise<Result> {
    const random = this.#random;
    const { faults, isLimited, deadlineMs } = this.#settings;
    const limitMs = deadlineMs - SPARE_MS;
    const toMs = this.#wayMs(isLimited ? deadlineMs / 3 : 2 * deadlineMs);
    const backMs = this.#wayMs(25_000);
    const write = (): Result => {
      const isTooLate = this.#scheduler.nowMs - operation.beganMs > limitMs;
      if (isTooLate && this.#settings.isLimited) throw new DatabaseError('refused');
      this.operation = operation;
      try {
        return statement();
      } finally {
        this.operation = undefined;
      }
    };
    if (random.chance(faults.refused)) {
      return request.call(toMs, () => raise(new DatabaseError('refused')), backMs);
    }
    if (!random.chance(faults.unknown)) return request.call(toMs, write, backMs);
    const lost = (): never => raise(new DatabaseError('unknown'));
    switch (random.pick(['before', 'after', 'late'])) {
      case 'before':
        return request.call(toMs, lost, backMs);
      case 'after':
        return request.call(
          toMs,
          () => {
            attempt(write);
            return lost();
          },
          backMs,
        );
      default: {
        // It commits when the caller has long been told that nobody knows.
        void request.hang(random.int(0, random.pick([500, limitMs])), () => attempt(write));
        return request.call(toMs, lost, this.#wayMs(500));
      }
    }
  }

  #wayMs(slowMs: number): number {
    const random = this.#random;
    return random.chance(this.#settings.faults.slow)
      ? random.int(50, random.pick([500, slowMs]))
      : random.int(1, 20);
  }
}

function raise(error: Error): never {
  throw error;
}

/** A statement that nobody waits for any more may fail. */
function attempt(write: () => unknown): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
  }
}

import type { Random } from '@boost-tooling/fuzz/random';
import type { CoordinatorNamespace } from '@boost/coordinator';
import type { Ports } from '@boost/core';
import type { Packages } from '../build.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Change, Disk } from './disk.ts';
import { bytes } from '../isolate.ts';
import { PlatformError } from './platform-error.ts';
import { SimulatedStorage } from './storage.ts';

/** One call of an object, and who hears what becomes of it. */
export interface Delivery {
  readonly method: string;
  readonly args: readonly unknown[];
  succeed(result: unknown): void;
  fail(error: Error): void;
}

export interface InstanceOptions {
  readonly name: string;
  readonly packages: Packages;
  /** The binding of the class as this instance has it. */
  readonly bindingOf: (instance: Instance) => CoordinatorNamespace;
  readonly disk: Disk;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly skewMs: number;
  readonly hasSql: boolean;
  /** Probability that storage refuses a write. */
  readonly storageFails: () => boolean;
  /** What was stored has changed. */
  readonly onStored: () => void;
  /** The instance is gone. */
  readonly onDead: (why: string) => void;
}

/** Changes of one turn, on their way to the disk. */
interface Batch {
  readonly turn: number;
  readonly changes: Change[];
  readonly done: Promise<void>;
  readonly finish: () => void;
  readonly refuse: (error: Error) => void;
  /** What leaves when everything up to here is stored. */
  readonly held: (() => void)[];
}

type Methods = Record<string, (...args: readonly unknown[]) => Promise<unknown>>;

/** One instance of an object in the memory of a machine, with the gates that the platform puts before and behind it. */
export class Instance {
  /** Another instance has taken its place. */
  isSuperseded = false;
  #isAlive = true;
  #closed = 0;
  readonly #object: Methods;
  readonly #options: InstanceOptions;
  /** Deliveries that wait for the input gate. */
  readonly #waiting: (() => void)[] = [];
  readonly #running = new Set<Delivery>();
  readonly #batches: Batch[] = [];
  #flushedMs = 0;

  constructor(options: InstanceOptions) {
    const { packages, disk, hasSql } = options;
    this.#options = options;
    const storage = new SimulatedStorage(disk, {
      hasSql,
      check: () => {
        if (!this.isSuperseded) return;
        this.crash('finds that another has taken its place');
        throw new Error('this object has been superseded');
      },
      read: (read) => this.#read(read),
      write: (change) => this.#write(change),
    });
    const ctx = {
      id: { equals: (other: unknown) => other === options.name },
      storage,
      blockConcurrencyWhile: (task: () => Promise<unknown>) => this.#block(task),
      abort: (reason: string) => {
        this.crash(`aborts: ${reason}`);
      },
    };
    const now = (): number => options.scheduler.nowMs + options.skewMs;
    const ports = this.#ports(now);
    class Placed extends packages.EpochCoordinator {
      protected override now(): number {
        return now();
      }

      protected override ports(): Ports {
        return ports;
      }
    }
    const env = { EPOCH_COORDINATOR: options.bindingOf(this) };
    this.#object = new Placed(ctx, env) as unknown as Methods;
  }

  /** A call of another object leaves. */
  send(message: () => void): void {
    if (this.#isAlive) this.#leave(message);
  }

  /** Something comes that the instance waits for. */
  receive(take: () => void): void {
    this.#enter(take);
  }

  get isIdle(): boolean {
    return this.#running.size === 0 && this.#batches.length === 0 && this.#closed === 0;
  }

  deliver(delivery: Delivery): void {
    this.#running.add(delivery);
    this.#enter(() => void this.#run(delivery));
  }

  /** Whatever was not stored is lost, but for what has just reached the disk; everyone who waits hears of it. */
  crash(why: string): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    const { random, disk } = this.#options;
    if (!this.isSuperseded) {
      for (const { changes } of this.#batches.slice(0, random.int(0, this.#batches.length))) {
        for (const change of changes) change(disk);
      }
    }
    this.#batches.length = 0;
    this.#waiting.length = 0;
    this.#options.onDead(why);
    for (const delivery of this.#running) {
      delivery.fail(new PlatformError(`the object ${why}`, { retryable: true }));
    }
  }

  async #run(delivery: Delivery): Promise<void> {
    const { method, args } = delivery;
    try {
      const result = await this.#object[method]?.(...args);
      this.#leave(() => this.#end(delivery, () => delivery.succeed(result)));
    } catch (error) {
      const told = error instanceof Error ? error : new Error(String(error));
      this.#leave(() => this.#end(delivery, () => delivery.fail(told)));
    }
  }

  #end(delivery: Delivery, tell: () => void): void {
    if (this.#running.delete(delivery) && this.#isAlive) tell();
  }

  #ports(now: () => number): Ports {
    const { scheduler, random } = this.#options;
    return {
      clock: { now },
      random: { bytes: (length) => bytes(random, length) },
      timers: {
        set: (delayMs, run) => {
          let isSet = true;
          scheduler.at(delayMs, () => {
            this.#enter(() => {
              if (isSet) run();
            });
          });
          return () => {
            isSet = false;
          };
        },
      },
      waitUntil: () => undefined,
    };
  }

  /** The input gate. */
  #enter(event: () => void): void {
    if (!this.#isAlive) return;
    if (this.#closed > 0 || this.#waiting.length > 0) this.#waiting.push(event);
    else event();
  }

  #open(): void {
    this.#closed -= 1;
    while (this.#closed === 0) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next();
    }
  }

  /** The output gate. */
  #leave(message: () => void): void {
    const last = this.#batches.at(-1);
    if (last === undefined) message();
    else last.held.push(message);
  }

  async #block(task: () => Promise<unknown>): Promise<void> {
    this.#closed += 1;
    try {
      await task();
    } catch (error) {
      this.crash(`could not begin: ${String(error)}`);
      return;
    }
    this.#open();
  }

  #read<Value>(read: () => Value): Promise<Value> {
    const { scheduler, random } = this.#options;
    this.#closed += 1;
    return new Promise((resolve) => {
      scheduler.at(random.int(0, 4), () => {
        if (!this.#isAlive) return;
        if (this.isSuperseded) return this.crash('finds that another has taken its place');
        resolve(read());
        // What waits comes in when the code that asked has gone on.
        scheduler.at(0, () => this.#open());
      });
    });
  }

  #write(change: Change): Promise<void> {
    const { scheduler, random } = this.#options;
    if (!this.#isAlive) return new Promise(() => undefined);
    const last = this.#batches.at(-1);
    if (last?.turn === scheduler.turn) {
      last.changes.push(change);
      return last.done;
    }
    let finish: () => void = () => undefined;
    let refuse: (error: Error) => void = () => undefined;
    const done = new Promise<void>((resolve, reject) => {
      finish = resolve;
      refuse = reject;
    });
    // Whoever wants to know of a failure asks.
    done.catch(() => undefined);
    const batch = { turn: scheduler.turn, changes: [change], done, finish, refuse, held: [] };
    this.#batches.push(batch);
    this.#flushedMs = Math.max(this.#flushedMs, scheduler.nowMs + random.int(1, 12));
    scheduler.at(this.#flushedMs - scheduler.nowMs, () => {
      this.#flush(batch);
    });
    return done;
  }

  #flush(batch: Batch): void {
    if (!this.#isAlive || this.#batches[0] !== batch) {
      // Of two that are due at once the earlier goes first.
      if (this.#isAlive) this.#options.scheduler.at(0, () => this.#flush(batch));
      return;
    }
    if (this.isSuperseded) return this.crash('finds that another has taken its place');
    if (this.#options.storageFails()) {
      batch.refuse(new Error('the disk is full'));
      this.#options.scheduler.at(0, () => {
        this.crash('could not store');
      });
      return;
    }
    this.#batches.shift();
    for (const change of batch.changes) change(this.#options.disk);
    this.#options.onStored();
    batch.finish();
    for (const leave of batch.held) leave();
  }
}

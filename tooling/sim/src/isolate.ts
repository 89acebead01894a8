import { AsyncLocalStorage } from 'node:async_hooks';
import type { Ports } from '@boost/core';
import type { Random } from '@boost-tooling/fuzz/random';
import type { Scheduler } from './scheduler.ts';

/** Requests end so long after their response at the latest. */
const BACKGROUND_MS = 30_000;

/** The request in which code runs, for bindings that all requests of an isolate share. */
const current = new AsyncLocalStorage<Request>();

/** A process in a data centre that serves requests. Its clock is off by something, and stands still while code runs. */
export class Isolate {
  readonly name: string;
  readonly colo: number;
  readonly skewMs: number;
  alive = true;

  constructor(name: string, colo: number, skewMs: number) {
    this.name = name;
    this.colo = colo;
    this.skewMs = skewMs;
  }
}

export interface RequestOptions {
  readonly name: string;
  readonly isolate: Isolate;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** The request's clock stands still until something that it waits for has come. @defaultValue false */
  readonly isFrozen?: boolean;
  /** Whether it was given its `ctx`, so that it may do something after its answer. @defaultValue false */
  readonly keepsAlive?: boolean;
}

/** One request's runtime: what it waits for settles only while it lives. */
export class Request {
  readonly name: string;
  readonly isolate: Isolate;
  readonly ports: Ports;
  #alive = true;
  #wasKilled = false;
  #lastIoMs: number;
  readonly #scheduler: Scheduler;

  constructor(options: RequestOptions) {
    const { name, isolate, scheduler, random, isFrozen = false, keepsAlive = false } = options;
    this.name = name;
    this.isolate = isolate;
    this.#scheduler = scheduler;
    this.#lastIoMs = scheduler.nowMs;
    const now = isFrozen ? () => this.#lastIoMs : () => scheduler.nowMs;
    this.ports = {
      clock: { now: () => now() + isolate.skewMs },
      random: { bytes: (length) => bytes(random, length) },
      timers: {
        set: (delayMs, run) => {
          let isSet = true;
          scheduler.at(delayMs, () => {
            if (isSet && this.alive) this.#resume(run);
          });
          return () => {
            isSet = false;
          };
        },
      },
      waitUntil: () => undefined,
      keepsAlive,
    };
  }

  /** The request that runs now. */
  static get current(): Request {
    const request = current.getStore();
    if (request === undefined) throw new Error('a binding is used outside of a request');
    return request;
  }

  get alive(): boolean {
    return this.#alive && this.isolate.alive;
  }

  /** Whether it died of a crash, and not of old age. */
  get wasKilled(): boolean {
    return this.#wasKilled || !this.isolate.alive;
  }

  /** Runs something as part of the request. */
  run<Result>(task: () => Result): Result {
    return current.run(this, task);
  }

  die(): void {
    this.#alive = false;
    this.#wasKilled = true;
  }

  /** The response is out: what goes on in the background has its time. */
  end(): void {
    this.#scheduler.at(BACKGROUND_MS, () => {
      this.#alive = false;
    });
  }

  /**
   * A call over the network. It takes effect when it arrives, whether or not the caller still lives; the answer arrives only if it
   * does.
   */
  call<Result>(toMs: number, effect: () => Result, backMs: number): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#scheduler.at(toMs, () => {
        let answer: () => void;
        try {
          const result = effect();
          answer = () => resolve(result);
        } catch (error) {
          answer = () => reject(error instanceof Error ? error : new Error(String(error)));
        }
        this.answer(backMs, answer);
      });
    });
  }

  /** Something comes over the network that the request waits for. */
  answer(backMs: number, take: () => void): void {
    this.#scheduler.at(backMs, () => {
      if (this.alive) this.#resume(take);
    });
  }

  pause(ms: number): Promise<void> {
    return this.call(ms, () => undefined, 0);
  }

  /** A call whose answer never comes. */
  hang(toMs: number, effect: () => void): Promise<never> {
    this.#scheduler.at(toMs, effect);
    return new Promise(() => undefined);
  }

  #resume(step: () => void): void {
    this.#lastIoMs = this.#scheduler.nowMs;
    step();
  }
}

export function bytes(random: Random, length: number): Uint8Array {
  const drawn = new Uint8Array(length);
  for (let index = 0; index < length; index++) drawn[index] = random.int(0, 255);
  return drawn;
}

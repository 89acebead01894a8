import type { Ports } from '@boost/core';
import type { Random } from '@boost-tooling/fuzz/random';
import type { Scheduler } from './scheduler.ts';

/** Requests end so long after their response at the latest. */
const BACKGROUND_MS = 30_000;

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

/** One request's runtime: what it waits for settles only while it lives. */
export class Request {
  readonly name: string;
  readonly isolate: Isolate;
  readonly ports: Ports;
  #alive = true;
  #wasKilled = false;
  readonly #scheduler: Scheduler;

  constructor(name: string, isolate: Isolate, scheduler: Scheduler, random: Random) {
    this.name = name;
    this.isolate = isolate;
    this.#scheduler = scheduler;
    this.ports = {
      clock: { now: () => scheduler.nowMs + isolate.skewMs },
      random: { bytes: (length) => Uint8Array.from({ length }, () => random.int(0, 255)) },
      timers: {
        set: (delayMs, run) => {
          let isSet = true;
          scheduler.at(delayMs, () => {
            if (isSet && this.alive) run();
          });
          return () => {
            isSet = false;
          };
        },
      },
      waitUntil: () => undefined,
    };
  }

  get alive(): boolean {
    return this.#alive && this.isolate.alive;
  }

  /** Whether it died of a crash, and not of old age. */
  get wasKilled(): boolean {
    return this.#wasKilled || !this.isolate.alive;
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
        this.#scheduler.at(backMs, () => {
          if (this.alive) answer();
        });
      });
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
}

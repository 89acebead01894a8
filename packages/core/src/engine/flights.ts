import type { ReadTimes, Stamp } from '../epoch/authority.js';
import type { StateKind } from '../isolate-state.js';
import type { Scope } from '../scope/scope.js';
import type { ReadStatus } from './engine.js';

/** What a flight brought, as plain data: its readers are of different requests. */
export interface Landing {
  /** When (by the isolate's counter) the reading of what answers it began: of the database, or of the store and its epochs. */
  readonly sourceTick: number;
  readonly times: ReadTimes;
  /** Null when there is none, or none yet. */
  readonly stamp: Stamp | null;
  readonly status: ReadStatus;
  readonly scopes: readonly Scope[];
  /** The result, made anew for every caller. */
  decode(makeDecimal: (text: string) => unknown): unknown;
}

/** A read that is under way, for identical reads to join. */
export class Flight {
  /** Null when it failed, or brought nothing that others could use. Never rejects; never settles if its request dies. */
  readonly landing: Promise<Landing | null>;
  followers = 0;
  /** As `Landing.sourceTick`, once known. */
  sourceTick: number | undefined;
  #land: (landing: Landing | null) => void = () => undefined;

  constructor() {
    this.landing = new Promise((resolve) => {
      this.#land = resolve;
    });
  }

  land(landing: Landing | null): void {
    this.#land(landing);
  }
}

/** The reads under way in an isolate, and the counter that orders their steps: the clock may stand still. */
export class Flights {
  readonly #flights = new Map<string, Flight>();
  readonly #revalidating = new Map<string, number>();
  #tick = 0;

  /** A number greater than any before. */
  tick(): number {
    this.#tick += 1;
    return this.#tick;
  }

  get(key: string): Flight | undefined {
    return this.#flights.get(key);
  }

  /** Begins a flight that others can join; what was under the key is no longer joined. */
  begin(key: string): Flight {
    const flight = new Flight();
    this.#flights.set(key, flight);
    return flight;
  }

  end(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }

  /** Whether nobody revalidates the entry; the caller then does, and is forgotten at `untilMs` should its request die. */
  beginRevalidation(key: string, nowMs: number, untilMs: number): boolean {
    if ((this.#revalidating.get(key) ?? 0) > nowMs) return false;
    this.#revalidating.set(key, untilMs);
    return true;
  }

  endRevalidation(key: string): void {
    this.#revalidating.delete(key);
  }
}

export const FLIGHTS: StateKind<Flights> = { make: () => new Flights() };

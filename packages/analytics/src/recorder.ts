import { BoostError, sleep, type EngineEvent, type Ports } from '@boost/core';
import { MAX_POINTS, type AnalyticsDataset, type AnalyticsOptions } from './dataset.js';
import { InvalidationRows } from './invalidation-rows.js';
import { ReadRows } from './read-rows.js';
import { pointOf, type Row } from './row.js';
import { StoreRow } from './store-row.js';

export interface RecorderOptions extends AnalyticsOptions {
  readonly ports: Pick<Ports, 'timers'>;
  /** Keeps what comes after the response alive. Without one nothing is written but by `flush` and where rows pile up. */
  readonly waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
  /** Told of a dataset that throws. Nothing else comes of it. */
  readonly onError?: ((error: unknown, operation: 'analytics') => void) | undefined;
}

/** After a request has been quiet for so long, what it has counted is written. */
const QUIET_MS = 1_000;
/** Of a request that is never quiet: then, too. `waitUntil` keeps nothing alive for much longer. */
const MAX_WAITS = 20;
/** Of the store, writes, pairs, reads. With a point for each nothing that was counted is lost. */
const KINDS = 4;
/** Points that `flush` leaves for what comes after it: they are written when the request is quiet, added up. */
const RESERVED = 2 * KINDS;

/**
 * Counts what happens in one request and writes it after the response, in at most 25 points. `writeDataPoint` returns at once, asks
 * no store, and what it throws reaches nobody but `onError`.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #reads = new ReadRows();
  readonly #store = new StoreRow();
  readonly #invalidations = new InvalidationRows();
  readonly #points: PointAllowance;
  /** Since the last writing. */
  #events = 0;
  #lost = 0;
  #cancel: (() => void) | undefined;

  constructor(options: RecorderOptions, points: PointAllowance = { left: MAX_POINTS }) {
    this.#options = options;
    this.#points = points;
  }

  /** Events of which something is in no row: the invocation had no point left. */
  get lost(): number {
    return this.#lost;
  }

  /** Whether it is of these datasets. */
  writesTo({ dataset, invalidations }: AnalyticsOptions): boolean {
    const own = this.#options;
    return own.dataset === dataset && own.invalidations === invalidations;
  }

  record(event: EngineEvent): void {
    switch (event.type) {
      case 'read':
        this.#reads.add(event);
        break;
      case 'store':
        this.#store.add(event);
        break;
      case 'invalidate':
        if (this.#options.invalidations === undefined) return;
        this.#invalidations.add(event);
        break;
      case 'skip':
        return;
    }
    this.#events += 1;
    if (this.#options.waitUntil === undefined) this.#overflow();
    else if (this.#cancel === undefined) this.#schedule(this.#options.waitUntil);
  }

  /**
   * Writes what has been counted, after the turn in which the caller returns its response. The last points of an invocation are left
   * for when it is quiet.
   */
  async flush(): Promise<void> {
    if (this.#events === 0) return;
    await sleep(this.#options.ports.timers, 0);
    if (this.#options.waitUntil === undefined) return this.#write(MAX_POINTS);
    const most = this.#points.left - RESERVED;
    if (most >= KINDS) this.#write(most);
  }

  /** A process without requests: points are counted for each writing. */
  #overflow(): void {
    const rows = this.#reads.size + this.#store.size + this.#invalidations.size;
    if (rows >= MAX_POINTS) this.#write(MAX_POINTS);
  }

  #schedule(waitUntil: (promise: Promise<unknown>) => void): void {
    const written = new Promise<void>((resolve) => {
      let waits = 0;
      let seen = -1;
      const look = (): void => {
        const isQuiet = seen === this.#events || ++waits > MAX_WAITS;
        seen = this.#events;
        if (!isQuiet) return wait();
        // More may come: some points are left for it, if they are enough.
        const { left } = this.#points;
        this.#write(left < RESERVED ? left : Math.ceil(left / 2));
      };
      const wait = (): void => {
        const stop = this.#options.ports.timers.set(QUIET_MS, look);
        this.#cancel = () => {
          stop();
          resolve();
        };
      };
      wait();
    });
    waitUntil(written);
  }

  #write(most: number): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const { dataset, invalidations = dataset } = this.#options;
    const events = this.#events;
    this.#events = 0;
    const wanted = [
      this.#store.size,
      this.#invalidations.writes,
      this.#invalidations.pairs,
      this.#reads.size,
    ] as const;
    const places = shares(wanted, most);
    const [stores, writes, pairs, reads] = places;
    const store = this.#store.take().slice(0, stores);
    const told = this.#invalidations.take(writes, pairs);
    const read = this.#reads.take(reads);
    const sent = [...store, ...told, ...read];
    if (wanted.some((rows, at) => rows > 0 && places[at] === 0)) this.#lose(events);
    for (const row of told) this.#send(invalidations, row);
    for (const row of [...read, ...store]) this.#send(dataset, row);
    if (this.#options.waitUntil !== undefined) this.#points.left -= sent.length;
  }

  #lose(events: number): void {
    if (this.#lost === 0) {
      const text = `The invocation has written its ${MAX_POINTS} points: what its clients do from now on is in no row`;
      this.#options.onError?.(new BoostError('BOOST_ANALYTICS_FAILED', text), 'analytics');
    }
    this.#lost += events;
  }

  #send(dataset: AnalyticsDataset, row: Row): void {
    try {
      dataset.writeDataPoint(pointOf(row));
    } catch (error) {
      this.#options.onError?.(error, 'analytics');
    }
  }
}

/** Points that one invocation may still write, whoever writes them. */
interface PointAllowance {
  left: number;
}

/**
 * Divides places: everyone has what it wants where that fits, else one each, and the rest goes to the first that want more.
 */
function shares<Wanted extends readonly number[]>(
  wanted: Wanted,
  places: number,
): { [At in keyof Wanted]: number } {
  const given = wanted.map(() => 0);
  let left = Math.max(0, places);
  let isChanged = true;
  while (left > 0 && isChanged) {
    isChanged = false;
    for (const [at, most] of wanted.entries()) {
      const own = given[at] ?? 0;
      if (left === 0 || own >= most) continue;
      given[at] = own + 1;
      left -= 1;
      isChanged = true;
    }
  }
  return given as { [At in keyof Wanted]: number };
}

interface Invocation {
  readonly points: PointAllowance;
  readonly recorders: Recorder[];
}

/** By execution context: the clients of one invocation share its points, and the rows of one dataset. */
const invocations = new WeakMap<object, Invocation>();

/** The recorder of an invocation, which all of its clients share. @param invocation - its execution context, if there is one */
export function recorderOf(options: RecorderOptions, invocation: object | undefined): Recorder {
  if (invocation === undefined) return new Recorder(options);
  let known = invocations.get(invocation);
  if (known === undefined) {
    known = { points: { left: MAX_POINTS }, recorders: [] };
    invocations.set(invocation, known);
  }
  const shared = known.recorders.find((recorder) => recorder.writesTo(options));
  if (shared !== undefined) return shared;
  const recorder = new Recorder(options, known.points);
  known.recorders.push(recorder);
  return recorder;
}

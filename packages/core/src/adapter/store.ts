import { BoostError, isBoostError } from '../error.js';
import type { Ports } from '../ports.js';
import type {
  AdapterCapabilities,
  CacheAdapter,
  CacheTier,
  DeleteManyResult,
  ListResult,
} from './adapter.js';
import { isolateState } from '../isolate-state.js';
import { withDeadline } from './deadline.js';
import {
  STORE_FAULTS,
  type FaultPolicy,
  type LoadFaultPolicy,
  type StoreFaults,
} from './fault-policy.js';

/** One call to the store, for counting what it costs. */
export interface StoreEvent {
  readonly type: 'store';
  readonly operation: 'get' | 'set' | 'list' | 'delete';
  /** Keys read, written or deleted: stores bill by the key, and a list once. */
  readonly keys: number;
  /** Of these, what the far store is asked for, which bills it: nothing where a nearer tier answered, or there is no far one. */
  readonly billed: number;
  readonly ok: boolean;
}

export interface StoreOptions {
  readonly adapter: CacheAdapter;
  readonly ports: Ports;
  /** Milliseconds that a call may take. */
  readonly timeoutMs: number;
  /** Told of a nearer tier that failed: the call itself does not. */
  readonly report: (error: unknown, operation: 'get' | 'set') => void;
  readonly onEvent?: ((event: StoreEvent) => void) | undefined;
  /** @defaultValue a read that failed is not made again, and a store that keeps failing is asked all the same */
  readonly loadFaultPolicy?: LoadFaultPolicy | undefined;
}

interface CallLimits {
  readonly timeoutMs?: number;
  readonly onLate?: (() => void) | undefined;
  /** Keys that a nearer tier has answered by the end of the call. */
  readonly near?: () => number;
}

export interface StoreSetOptions {
  readonly ttlSeconds: number;
  readonly authoritative?: boolean;
  readonly onLate?: () => void;
}

/**
 * An adapter as the engine and the authorities use it: with a deadline, counted, and whatever it throws as a `BoostError` with
 * a `BOOST_STORE_*` code. Reads that fail are tried again, and refused while the store keeps failing; an epoch is written whatever
 * failed before.
 */
export class Store {
  readonly name: string;
  readonly capabilities: AdapterCapabilities;
  /** What the state that an isolate shares hangs on. */
  readonly identity: object;
  readonly #adapter: CacheAdapter;
  readonly #ports: Ports;
  /** Milliseconds that a call may take. */
  readonly timeoutMs: number;
  readonly #onEvent: StoreOptions['onEvent'];
  readonly #report: StoreOptions['report'];
  readonly #loadFaultPolicy: StoreOptions['loadFaultPolicy'];
  readonly #faults: StoreFaults;
  readonly #waitUntil: (promise: Promise<unknown>) => void;

  constructor({ adapter, ports, timeoutMs, report, onEvent, loadFaultPolicy }: StoreOptions) {
    this.name = adapter.name;
    this.capabilities = adapter.capabilities;
    this.identity = adapter.identity ?? adapter;
    this.#adapter = adapter;
    this.#ports = ports;
    this.#waitUntil = (promise) => {
      ports.waitUntil(promise);
    };
    this.timeoutMs = timeoutMs;
    this.#report = report;
    this.#onEvent = onEvent;
    this.#loadFaultPolicy = loadFaultPolicy;
    this.#faults = isolateState(this.identity, STORE_FAULTS);
  }

  /**
   * The value, where the store has it at hand; undefined where it has to be waited for.
   *
   * @throws BoostError `BOOST_STORE_*`
   */
  getNow(key: string): string | null | undefined {
    if (this.#adapter.getNow === undefined) return undefined;
    const tell = (ok: boolean): void =>
      this.#onEvent?.({ type: 'store', operation: 'get', keys: 1, billed: 0, ok });
    try {
      const value = this.#adapter.getNow(key);
      if (value !== undefined) tell(true);
      return value;
    } catch (error) {
      tell(false);
      throw this.#failure(error, 'get', 1);
    }
  }

  /**
   * @param answeredBy - takes the tier of each value, where the store has several
   * @throws BoostError `BOOST_STORE_*`
   */
  getMany(
    keys: readonly string[],
    authoritative: readonly string[],
    answeredBy?: Map<string, CacheTier>,
  ): Promise<ReadonlyMap<string, string | null>> {
    const tiers = answeredBy ?? (this.#onEvent === undefined ? undefined : new Map());
    const given = {
      authoritative,
      waitUntil: this.#waitUntil,
      onTierError: this.#report,
      ...(tiers === undefined ? {} : { answeredBy: tiers }),
    };
    const near = (): number => countNear(tiers);
    const read = (timeoutMs: number): Promise<ReadonlyMap<string, string | null>> =>
      this.#call(
        'get',
        keys.length,
        async (signal) => this.#adapter.getMany(keys, { signal, ...given }),
        { timeoutMs, near },
      );
    if (this.#loadFaultPolicy === undefined) return read(this.timeoutMs);
    // Both tries and the pause between them take no longer than one may.
    const half = this.timeoutMs * 0.45;
    const { policy } = this.#faults;
    if (policy !== undefined) return policy.run(() => read(half));
    return read(half).catch((error: unknown) => this.#firstFault(error, () => read(half)));
  }

  /** Loads what deals with faults; it makes the call again. */
  async #firstFault<Result>(fault: unknown, call: () => Promise<Result>): Promise<Result> {
    let loaded: FaultPolicy | undefined;
    try {
      loaded = await this.#loadFaultPolicy?.();
    } catch (error) {
      throw this.#failure(error, 'get', 0);
    }
    const policy = (this.#faults.policy ??= loaded);
    if (policy === undefined) throw fault;
    // The policy takes the fault for its first try.
    let isFirst = true;
    return policy.run(() => {
      if (!isFirst) return call();
      isFirst = false;
      return Promise.reject(this.#failure(fault, 'get', 0));
    });
  }

  /**
   * Rounds the time to live up to what the store takes.
   *
   * @param options.onLate - called when the store acknowledges after the deadline
   * @throws BoostError `BOOST_STORE_*`
   */
  set(key: string, value: string, options: StoreSetOptions): Promise<void> {
    const { authoritative = false, onLate } = options;
    const ttlSeconds = Math.max(1, this.capabilities.minTtlSeconds, Math.ceil(options.ttlSeconds));
    const onTierError = this.#report;
    return this.#call(
      'set',
      1,
      async (signal) =>
        this.#adapter.set(key, value, { signal, ttlSeconds, authoritative, onTierError }),
      { onLate },
    );
  }

  /** @throws BoostError `BOOST_STORE_*` */
  list(prefix: string, limit: number, cursor: string | undefined): Promise<ListResult> {
    const after = cursor === undefined ? {} : { cursor };
    return this.#call('list', 1, async (signal) =>
      this.#adapter.list(prefix, { signal, limit, ...after }),
    );
  }

  /** @throws BoostError `BOOST_STORE_*`; what the store refuses of single keys is in the result */
  deleteMany(keys: readonly string[], concurrency: number): Promise<DeleteManyResult> {
    return this.#call('delete', keys.length, async (signal) =>
      this.#adapter.deleteMany(keys, { signal, concurrency }),
    );
  }

  async #call<Result>(
    operation: StoreEvent['operation'],
    keys: number,
    run: (signal: AbortSignal) => Promise<Result>,
    { timeoutMs = this.timeoutMs, onLate, near }: CallLimits = {},
  ): Promise<Result> {
    let ok = false;
    try {
      const what = `${operation} of the ${this.name} store`;
      const result = await withDeadline(this.#ports.timers, timeoutMs, what, run, onLate);
      ok = true;
      return result;
    } catch (error) {
      throw this.#failure(error, operation, keys);
    } finally {
      const isFar = this.capabilities.tier === 'l2';
      const billed = isFar ? keys - (near?.() ?? 0) : 0;
      this.#onEvent?.({ type: 'store', operation, keys, billed, ok });
    }
  }

  #failure(error: unknown, operation: StoreEvent['operation'], keys: number): BoostError {
    if (isBoostError(error)) return error;
    return new BoostError(
      'BOOST_STORE_FAILED',
      `The ${this.name} store failed to ${operation} ${keys} key(s); see the cause`,
      { cause: error, details: { store: this.name, operation } },
    );
  }
}

function countNear(answeredBy: ReadonlyMap<string, CacheTier> | undefined): number {
  let count = 0;
  for (const tier of answeredBy?.values() ?? []) if (tier !== 'l2') count += 1;
  return count;
}

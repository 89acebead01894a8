import { settledWithin } from '../adapter/deadline.js';
import type { MakeDecimal } from '../codec/revive.js';
import type { MaybePromise, View } from '../epoch/authority.js';
import type { EngineCore } from './core.js';
import type { ReadCall, ReadInfo, ReadOutcome } from './engine.js';
import { fetchAndFill } from './fetch.js';
import type { Flight, Landing } from './flights.js';
import { expiresEarly } from './early-expiry.js';
import { lookUp, type Found, type Hit } from './lookup.js';
import { isPrepared, prepareRead, type PreparedRead, type Uncacheable } from './prepared-read.js';

/** How often a read waits for another before it asks for itself. */
const MAX_JOINS = 2;
/** After this a revalidation counts as dead with its request: longer than `waitUntil` keeps one alive. */
const REVALIDATION_MS = 60_000;

/** Operation → key → coalesce → store → epochs → decode; on a miss capture → database → encode → store in the background. */
export class ReadPath {
  readonly #core: EngineCore;

  constructor(core: EngineCore) {
    this.#core = core;
  }

  /** An answer that is at hand is given without waiting for anything. */
  async read(call: ReadCall): Promise<ReadOutcome> {
    const read = prepareRead(this.#core, call);
    if (!isPrepared(read)) return this.#bypass(call, read);
    const began = this.#core.flights.tick();
    const flight = this.#core.flights.get(read.storeKey);
    if (flight !== undefined && mayJoin(read, flight, began))
      return this.#join(read, flight, began);
    return this.#lead(read);
  }

  async #join(read: PreparedRead, first: Flight, began: number): Promise<ReadOutcome> {
    let flight: Flight | undefined = first;
    for (let joins = 0; joins < MAX_JOINS; joins++) {
      if (flight === undefined || !mayJoin(read, flight, began)) break;
      const landing = await this.#follow(read, flight);
      // Whatever went wrong for the leader, the caller hears it of its own query.
      if (landing === null) break;
      const outcome = landing === undefined ? null : this.#accept(read, landing, began);
      if (outcome !== null) return outcome;
      flight = this.#core.flights.get(read.storeKey);
    }
    return this.#lead(read);
  }

  async #bypass(
    call: ReadCall,
    { reason, scopes = [], digest }: Uncacheable,
  ): Promise<ReadOutcome> {
    const startMs = this.#core.now();
    const result = await call.execute(call.operation.args);
    this.#core.authority.passed?.(call.context);
    const info: ReadInfo = {
      ...(digest === undefined ? {} : { key: digest }),
      status: 'bypass',
      reason,
      ageMs: 0,
      coalesced: false,
      scopes,
    };
    return this.#tell(call, result, info, this.#core.now() - startMs);
  }

  /** Undefined when the flight did not land in time: its request is gone, and nobody waits for it any more. */
  async #follow(read: PreparedRead, flight: Flight): Promise<Landing | null | undefined> {
    const { flights, ports, options } = this.#core;
    flight.followers += 1;
    const landing = await settledWithin(ports.timers, options.coalesceTimeout, flight.landing);
    if (landing === undefined) flights.end(read.storeKey, flight);
    return landing;
  }

  #lead(read: PreparedRead): MaybePromise<ReadOutcome> {
    const sourceTick = this.#core.flights.tick();
    const found = lookUp(this.#core, read);
    if (!(found instanceof Promise) && found.kind === 'hit') return this.#hit(read, found);
    return this.#fly(read, found, sourceTick);
  }

  /** Begins in the same turn as the lookup: whoever asks for the same from now on can join. */
  async #fly(
    read: PreparedRead,
    looked: MaybePromise<Found>,
    sourceTick: number,
  ): Promise<ReadOutcome> {
    const { flights, ports } = this.#core;
    const flight = flights.begin(read.storeKey);
    flight.sourceTick = sourceTick;
    // The others wait for it: it goes on when the client of this request has gone.
    ports.waitUntil(flight.landing);
    let landing: Landing | null = null;
    try {
      const found = await looked;
      if (found.kind === 'hit') {
        const outcome = this.#hit(read, found);
        landing = landingOf(found, outcome.info, sourceTick);
        return outcome;
      }
      const fetched = await fetchAndFill(this.#core, read, found, flight);
      landing = fetched.landing;
      const { result, status, reason, scopes } = fetched;
      const info = { status, reason, ageMs: 0, coalesced: false, scopes };
      const { times, encoded, isNeedless } = fetched;
      const databaseMs = times.endMs - times.startMs;
      const told = { key: read.key.digest, ...info };
      const size = encoded?.payload.length;
      return this.#tell(read.call, result, told, databaseMs, size, isNeedless);
    } finally {
      flights.end(read.storeKey, flight);
      flight.land(landing);
    }
  }

  #hit(read: PreparedRead, { entry, result, view, tier }: Hit): ReadOutcome {
    const { stamp, times } = entry;
    const nowMs = this.#core.now();
    const isFresh = nowMs < entry.freshUntilMs;
    this.#core.authority.answered(read.context, { stamp, times, isLocal: false });
    if (!isFresh || expiresEarly(entry, nowMs, this.#core.ports.random)) {
      this.#revalidate(read, view);
    }
    const info: ReadInfo = {
      key: read.key.digest,
      status: isFresh ? `hit-${tier}` : 'stale',
      ageMs: Math.max(0, nowMs - times.startMs),
      coalesced: false,
      scopes: read.scopes,
    };
    const databaseMs = times.endMs - times.startMs;
    return this.#tell(read.call, result, info, databaseMs, entry.payload.length);
  }

  /** Null when the answer is too old for this reader. */
  #accept(read: PreparedRead, landing: Landing, began: number): ReadOutcome | null {
    const { authority, options } = this.#core;
    const { stamp, times, status } = landing;
    const isLater = landing.sourceTick > began;
    const isOfDatabase = status === 'miss' || status === 'bypass';
    // What the database was asked for after this read began is as good as an answer of its own.
    if (!(isLater && isOfDatabase)) {
      if (read.context.consistency === 'strong' && !isLater) return null;
      if (stamp === null || !authority.allows(read.context, stamp, times)) return null;
    }
    const result = landing.decode(options.makeDecimal);
    authority.answered(read.context, { stamp, times, isLocal: isOfDatabase });
    const { scopes } = landing;
    const ageMs = Math.max(0, this.#core.now() - times.startMs);
    const info = { key: read.key.digest, status, ageMs, coalesced: true, scopes };
    return this.#tell(read.call, result, info, times.endMs - times.startMs);
  }

  /** Serves what only time has made old while it is read anew. Once per isolate, and as part of the request that found it. */
  #revalidate(read: PreparedRead, view: View): void {
    const { flights } = this.#core;
    const now = this.#core.now();
    if (!flights.beginRevalidation(read.storeKey, now, now + REVALIDATION_MS)) return;
    this.#core.background('revalidate', async () => {
      try {
        await fetchAndFill(this.#core, read, { kind: 'miss', reason: 'expired', view });
      } finally {
        flights.endRevalidation(read.storeKey);
      }
    });
  }

  #tell(
    { operation, context }: ReadCall,
    result: unknown,
    info: ReadInfo,
    databaseMs: number,
    size = 0,
    isNeedless = false,
  ): ReadOutcome {
    if (this.#core.options.onEvent === undefined) return { result, info };
    const { key, status, reason, coalesced, scopes } = info;
    const { model, action } = operation;
    const { tenant } = context;
    this.#core.emit({
      type: 'read',
      model,
      action,
      status,
      coalesced,
      scopes,
      tenant,
      databaseMs,
      size,
      isNeedless,
      ...(key === undefined ? {} : { key }),
      ...(reason === undefined ? {} : { reason }),
    });
    return { result, info };
  }
}

function mayJoin(read: PreparedRead, { sourceTick }: Flight, began: number): boolean {
  if (read.context.consistency !== 'strong') return true;
  return sourceTick === undefined || sourceTick > began;
}

function landingOf({ entry }: Hit, { status, scopes }: ReadInfo, sourceTick: number): Landing {
  const { times, stamp } = entry;
  const decode = (makeDecimal: MakeDecimal): unknown => entry.result(makeDecimal);
  return { sourceTick, times, stamp, status, scopes, decode };
}

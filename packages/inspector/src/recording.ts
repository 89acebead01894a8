import {
  isBoostError,
  KV_PRICE_USD,
  type EngineEvent,
  type InvalidateEvent,
  type ReadEvent,
  type Scope,
  type StateKind,
  type StoreEvent,
} from '@boost/core';
import { Entries } from './entries.js';
import { shortened, shownScopes } from './shown-scopes.js';
import { Tenants } from './tenants.js';
import { Timeline } from './timeline.js';
import type { EventsReply, ShownEvent } from './wire.js';

type Unnumbered<Event> = Event extends ShownEvent ? Omit<Event, 'seq' | 'atMs'> : never;

/** What one isolate has seen of its cache, bounded in every respect. */
export class Recording {
  /** Tells isolates apart. */
  readonly #isolate: string = crypto.randomUUID();
  readonly #events: ShownEvent[] = [];
  readonly #entries = new Entries();
  readonly #timeline = new Timeline();
  readonly #tenants = new Tenants();
  /** Scopes of the last writes, and of reads that have no entry. */
  #mentioned: readonly Scope[] = [];
  #seq = 0;

  record(event: EngineEvent, atMs: number, capacity: number): void {
    switch (event.type) {
      case 'read':
        return this.#read(event, atMs, capacity);
      case 'invalidate':
        return this.#write(event, atMs, capacity);
      case 'skip': {
        this.#entries.skip(event, atMs);
        const { model, action, key, reason } = event;
        return this.#push({ kind: 'skip', model, action, key, reason }, atMs, capacity);
      }
      case 'store':
        this.#timeline.add(atMs, 'costUsd', costOf(event));
    }
  }

  fail(error: unknown, operation: string, atMs: number, capacity: number): void {
    this.#timeline.add(atMs, 'errors');
    this.#push({ kind: 'error', operation, code: codeOf(error) }, atMs, capacity);
  }

  reply(since: number, nowMs: number): EventsReply {
    const common = { isolate: this.#isolate, seq: this.#seq, nowMs };
    const first = this.#events[0]?.seq ?? this.#seq + 1;
    const events = this.#events.slice(Math.max(0, since + 1 - first));
    if (since === this.#seq && since > 0) return { ...common, events };
    const state = {
      entries: this.#entries.shown(),
      tenants: this.#tenants.shown(),
      totals: this.#timeline.totals,
      timeline: this.#timeline.buckets,
    };
    return { ...common, events, state };
  }

  /** Who was seen, the latest first. */
  get tenants(): readonly (string | null)[] {
    return this.#tenants.shown().map(({ tenant }) => tenant);
  }

  /** The scopes that were seen. */
  scopes(): ReadonlySet<Scope> {
    return new Set([...this.#entries.scopes(), ...this.#mentioned]);
  }

  #read(event: ReadEvent, atMs: number, capacity: number): void {
    const { model, action, status, coalesced, scopes, tenant, databaseMs, size } = event;
    const { isNeedless, key, reason } = event;
    const isHit = status !== 'miss' && status !== 'bypass';
    this.#entries.read(event, atMs);
    if (status === 'bypass') this.#mention(scopes);
    this.#timeline.add(atMs, countOf(event));
    this.#tenants.count(tenant, 'reads');
    if (isHit || coalesced) {
      this.#timeline.add(atMs, 'savedMs', databaseMs);
      this.#tenants.count(tenant, 'hits');
    }
    const shown: Unnumbered<ShownEvent> = {
      kind: 'read',
      ...{ model, action, status, coalesced, databaseMs, size, isNeedless },
      scopes: shownScopes(scopes),
      ...(tenant === undefined ? {} : { tenant }),
      ...(key === undefined ? {} : { key }),
      ...(reason === undefined ? {} : { reason: shortened(reason) }),
    };
    this.#push(shown, atMs, capacity);
  }

  #write(event: InvalidateEvent, atMs: number, capacity: number): void {
    const { model, tenant, scopes, deleted, incomplete, costEstimate, fallbackReason } = event;
    this.#mention(scopes);
    this.#timeline.add(atMs, 'writes');
    this.#tenants.count(tenant, 'writes');
    const shown: Unnumbered<ShownEvent> = {
      kind: 'write',
      ...{ model, deleted, incomplete, costUsd: costEstimate },
      scopes: shownScopes(scopes),
      bumped: bumpedModels(scopes),
      fell: this.#entries.invalidate(event, this.#seq + 1),
      ...(tenant === undefined ? {} : { tenant }),
      ...(fallbackReason === undefined ? {} : { reason: fallbackReason }),
    };
    this.#push(shown, atMs, capacity);
  }

  #mention(scopes: readonly Scope[]): void {
    this.#mentioned = [...new Set([...scopes, ...this.#mentioned])].slice(0, MAX_MENTIONED);
  }

  #push(event: Unnumbered<ShownEvent>, atMs: number, capacity: number): void {
    this.#seq += 1;
    this.#events.push({ ...event, seq: this.#seq, atMs });
    while (this.#events.length > capacity) this.#events.shift();
  }
}

/** One for all inspectors of an isolate that have the same config. */
export const RECORDING: StateKind<Recording> = { make: () => new Recording() };

const MAX_MENTIONED = 500;

const PRICE = {
  get: KV_PRICE_USD.read,
  set: KV_PRICE_USD.write,
  list: KV_PRICE_USD.list,
  delete: KV_PRICE_USD.delete,
} as const;

function costOf({ operation, billed }: StoreEvent): number {
  return billed * PRICE[operation];
}

function countOf({ status, coalesced }: ReadEvent): 'shared' | 'misses' | 'bypasses' | 'hits' {
  if (coalesced) return 'shared';
  if (status === 'miss') return 'misses';
  return status === 'bypass' ? 'bypasses' : 'hits';
}

/** In the order of the scopes, each once. */
function bumpedModels(scopes: readonly Scope[]): readonly string[] {
  const names = scopes.map((scope) => (scope === '*' ? scope : /^[^!*#:{]+/.exec(scope)?.[0]));
  return [...new Set(names.filter((name) => name !== undefined))];
}

function codeOf(error: unknown): string {
  if (isBoostError(error)) return error.code;
  return error instanceof Error ? error.name : typeof error;
}

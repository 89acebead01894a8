import { Store } from '../adapter/store.js';
import type { Authority, AuthorityHost } from '../epoch/authority.js';
import { kvAuthority } from '../epoch/kv-authority.js';
import { createMemoryAuthority } from '../epoch/memory-authority.js';
import type { IsShared } from '../epoch/space.js';
import { BoostError } from '../error.js';
import { isolateState, type StateKind } from '../isolate-state.js';
import type { OpenedEntries } from '../codec/opened-entries.js';
import { createKeySpace, type KeySpace } from '../key/key.js';
import type { PlanContext } from '../plan/index.js';
import type { PlanLimits } from '../plan/plan.js';
import type { Recent } from '../recent.js';
import { TIER_LIMITS, type TierLimits } from '../policy/tier.js';
import type { Ports } from '../ports.js';
import { groupingText } from '../scope/grouping.js';
import { DATABASE_GATE, type DatabaseGate } from './database-gate.js';
import type { EngineEvent } from './events.js';
import { FLIGHTS, type Flights } from './flights.js';
import { KNOWN_READS, type KnownRead } from './known-reads.js';
import { resolveOptions, type EngineOptions, type ResolvedOptions } from './options.js';
import { sharedModels } from './shared-models.js';
import type { Lifetime } from './strategy.js';

const DEFAULT_AUTHORITY: StateKind<{ authority?: Authority }> = { make: () => ({}) };

/** What the read path and the write path have in common. */
export class EngineCore {
  readonly options: EngineOptions & ResolvedOptions;
  readonly tier: TierLimits;
  readonly ports: Ports;
  readonly store: Store;
  readonly authority: Authority;
  readonly plan: PlanContext;
  readonly keys: KeySpace;
  readonly isShared: IsShared;
  /** Where a read's own strategy does not say. */
  readonly lifetime: Lifetime;
  /** Shared by all clients of the isolate, as are those that follow. */
  readonly flights: Flights;
  readonly gate: DatabaseGate;
  readonly opened: OpenedEntries;
  readonly reads: Recent<KnownRead>;
  #untold = 0;
  readonly #background = new Set<Promise<unknown>>();

  /** @throws BoostError `BOOST_OPTION_INVALID`, `BOOST_MODEL_UNKNOWN` */
  constructor(given: EngineOptions) {
    const resolved = resolveOptions(given);
    const { schema, adapter, version } = given;
    this.options = { ...given, ...resolved };
    this.tier = TIER_LIMITS[resolved.tier];
    this.ports = { ...given.ports, waitUntil: (promise) => this.#keep(promise) };
    this.store = new Store({
      adapter,
      ports: this.ports,
      timeoutMs: resolved.operationTimeout,
      report: (error, operation) => this.report(error, operation),
      loadFaultPolicy: given.loadFaultPolicy,
      onEvent: given.onEvent === undefined ? undefined : (event) => this.emit(event),
    });
    this.isShared = sharedModels(schema, resolved.sharedModels);
    this.authority = this.#authority();
    const { databaseId } = resolved;
    const grouping = groupingText(this.authority.granularity, given.plan?.fieldTracking);
    this.keys = createKeySpace({ version, schemaHash: `${schema.hash} ${grouping}`, databaseId });
    const known = isolateState(this.store.identity, KNOWN_READS);
    const { plan, reads } = known.plans(schema, {
      limits: {
        granularity: this.authority.granularity,
        maxScopes: this.authority.maxScopes,
        maxBulkRows: this.tier.maxBulkRows,
        ...rowCapsOf(given.caps),
        maxParameters: resolved.maxParameters,
      },
      options: given.plan,
      sharedModels: resolved.sharedModels,
      space: this.keys.text,
    });
    this.plan = plan;
    this.reads = reads;
    this.opened = known.opened(schema);
    this.lifetime = { ttlSeconds: resolved.defaultTTL, swrSeconds: resolved.defaultSWR };
    this.flights = isolateState(this.store.identity, FLIGHTS);
    this.gate = isolateState(this.store.identity, DATABASE_GATE);
  }

  now(): number {
    return this.ports.clock.now();
  }

  /** Tells `onError`. Where that throws there is nobody left to tell, and the caller still gets the database's answer. */
  report(error: unknown, operation: string): void {
    const untold = (): void => void (this.#untold += 1);
    try {
      const running: unknown = this.options.onError?.(error, operation);
      if (running instanceof Promise) running.catch(untold);
    } catch {
      untold();
    }
  }

  /** Failures that `onError` did not take. */
  get untold(): number {
    return this.#untold;
  }

  emit(event: EngineEvent): void {
    if (this.options.onEvent === undefined) return;
    this.guarded(() => this.options.onEvent?.(event));
  }

  /** Runs a hook of the application; one that is asynchronous may fail later. */
  guarded(hook: () => unknown): void {
    try {
      const running = hook();
      if (running instanceof Promise) running.catch((error: unknown) => this.report(error, 'hook'));
    } catch (error) {
      this.report(error, 'hook');
    }
  }

  /** Runs a task that outlives the answer; a failure is told and goes no further. */
  background(operation: string, task: () => Promise<void>): void {
    this.ports.waitUntil(
      task().catch((error: unknown) => {
        this.report(error, operation);
      }),
    );
  }

  async settled(): Promise<void> {
    while (this.#background.size > 0) await Promise.all(this.#background);
  }

  #keep(promise: Promise<unknown>): void {
    this.#background.add(promise);
    const forget = (): void => void this.#background.delete(promise);
    promise.then(forget, forget);
    this.options.ports.waitUntil(promise);
  }

  #authority(): Authority {
    const { authority, adapter, ports } = this.options;
    const host: AuthorityHost = {
      ports: this.ports,
      store: this.store,
      report: (error, operation) => this.report(error, operation),
    };
    if (typeof authority === 'function') return authority(host);
    if (authority !== undefined) return authority;
    const { granularity } = this.tier;
    const { prefix, propagationSeconds } = this.options;
    if (adapter.capabilities.shared) {
      // A key for each field would be too many to read.
      const affordable = granularity === 'field' ? 'row' : granularity;
      return kvAuthority({
        granularity: affordable,
        prefix,
        isShared: this.isShared,
        ...(propagationSeconds === undefined ? {} : { propagationMs: propagationSeconds * 1_000 }),
      })(host);
    }
    if (adapter.capabilities.tier !== 'memory') throw unshared(adapter.name);
    const { isShared } = this;
    const { clock, random } = ports;
    // One log for all clients of the store, at the granularity of the first: at two they would not see each other's bumps.
    const slot = isolateState(this.store.identity, DEFAULT_AUTHORITY);
    slot.authority ??= createMemoryAuthority({ granularity, isShared, clock, random });
    return slot.authority;
  }
}

/** The isolates of a data centre would serve each other's entries, and not hear of each other's writes. */
function unshared(name: string): BoostError {
  return new BoostError(
    'BOOST_OPTION_INVALID',
    `The ${name} store is not shared between data centres, so that it cannot carry what tells a current entry from an old one; put it in front of one that is: createTwoTierAdapter({ l1, l2: createKVAdapter({ kv: env.CACHE }) }), or give a coordinator`,
    { details: { option: 'adapter', store: name } },
  );
}

function rowCapsOf(caps: EngineOptions['caps']): Pick<PlanLimits, 'rowCaps'> {
  const rows = Object.entries(caps ?? {}).filter(([, { maxRows }]) => maxRows !== undefined);
  if (rows.length === 0) return {};
  return {
    rowCaps: Object.fromEntries(rows.map(([model, cap]) => [model, cap.maxRows as number])),
  };
}

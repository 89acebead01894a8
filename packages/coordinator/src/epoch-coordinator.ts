import {
  EpochLog,
  type EntryQuestion,
  type EpochLogOptions,
  type LogDelta,
  type LogPosition,
  type ModelGroups,
  type Ports,
  type ScopeHashes,
} from '@boost/core';
import { DurableObject } from 'cloudflare:workers';
import { checkHashes, checkId, refused, withMargin } from './call-arguments.js';
import { QUIET_MS } from './limits.js';
import { objectPorts } from './object-ports.js';
import { ownNamespace } from './own-namespace.js';
import { primaryOf } from './relay-name.js';
import { Relay } from './relay.js';
import type {
  CheckReply,
  CoordinatorRpc,
  RelayAllowance,
  RelayDelta,
  RelayRoute,
  RelayRpc,
} from './rpc.js';
import { checkGroups } from './shards/model-groups.js';
import { StorageJournal } from './storage-journal.js';
import { answerFetch } from './wire.js';

/**
 * Orders the writes of one tenant: a log that survives eviction and restart. Or, by its name, a relay of such an object: it answers
 * readers by a copy of that log, and stores nothing. Works as a class of `new_sqlite_classes` and of `new_classes`.
 *
 * Every call is idempotent: it may be repeated when its answer was lost. Never restore the class to a point in time: what was
 * bumped since would be forgotten.
 */
export class EpochCoordinator extends DurableObject<unknown> implements CoordinatorRpc, RelayRpc {
  readonly #journal: StorageJournal;
  readonly #hasSql: boolean;
  #log: EpochLog | undefined;
  #isLoaded = false;
  #relay: Relay | undefined;
  #alarmAtMs: number | null = null;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    this.#hasSql = hasSql(ctx.storage);
    this.#journal = new StorageJournal(ctx.storage, (error) => {
      ctx.abort(`the log could not be stored: ${String(error)}`);
    });
    void ctx.blockConcurrencyWhile(() => this.#load());
  }

  /** What the caller's copy of the log lacks; what it gets is no older than the call. */
  async sync(since?: LogPosition): Promise<LogDelta> {
    const log = await this.#logFor(since);
    const delta = log.delta(since);
    this.#arm(log);
    await this.#touch();
    return delta;
  }

  /** Whether entries are current that a copy of the log does not reach back to. */
  async check(incarnation: string, entries: readonly EntryQuestion[]): Promise<CheckReply> {
    const log = await this.#logFor();
    const verdicts = entries.map((entry) =>
      incarnation === log.incarnation ? log.check(entry) : 'stale',
    );
    const reply = { incarnation: log.incarnation, seq: log.seq, verdicts };
    this.#arm(log);
    await this.#touch();
    return reply;
  }

  /** Announces a write; when it returns the announcement is durable. Again with the same id: the write may change more. */
  async begin(
    id: string,
    hashes: ScopeHashes,
    deadlineMs: number,
    since?: LogPosition,
  ): Promise<LogDelta> {
    const log = await this.#logFor(since);
    log.begin(checkId(id), checkHashes(hashes), withMargin(deadlineMs));
    this.#arm(log);
    const delta = log.delta(since);
    // The repeat of an announcement that was overtaken stores nothing.
    await this.#touch();
    return delta;
  }

  /** The database has committed: bumps. */
  async commit(id: string, hashes: ScopeHashes, since?: LogPosition): Promise<LogDelta> {
    const log = await this.#logFor(since);
    log.commit(checkId(id), checkHashes(hashes));
    this.#arm(log);
    const delta = log.delta(since);
    // The repeat of a commit that was processed stores nothing.
    await this.#touch();
    return delta;
  }

  /** The database has certainly changed nothing. */
  async abort(id: string): Promise<void> {
    const log = await this.#logFor();
    log.abort(checkId(id));
    this.#arm(log);
  }

  /** The database may have committed, or may still: bumps now, and again at the deadline. */
  async unknown(
    id: string,
    hashes: ScopeHashes,
    deadlineMs: number,
    since?: LogPosition,
  ): Promise<LogDelta> {
    const log = await this.#logFor(since);
    log.unknown(checkId(id), checkHashes(hashes), withMargin(deadlineMs));
    this.#arm(log);
    const delta = log.delta(since);
    await this.#touch();
    return delta;
  }

  /**
   * Gives models logs of their own, unless it knows of groups that are as new. A new life of the log begins: what was stored before is
   * void, and until the last writer has heard of the groups nothing is answered from a cache or filled.
   */
  async regroup(given: ModelGroups, since?: LogPosition): Promise<LogDelta> {
    const groups = checkGroups('groups', given);
    let log = await this.#logFor(since);
    if (groups.version > (log.groups?.version ?? 0)) {
      await this.#touch();
      await this.ctx.blockConcurrencyWhile(async () => {
        await this.ctx.storage.deleteAll();
        await this.#load();
      });
      log = this.#log ?? this.#create(groups);
    }
    const delta = log.delta(since);
    this.#arm(log);
    await this.#touch();
    return delta;
  }

  /**
   * As a relay: what the caller's copy lacks.
   *
   * @throws BoostError `BOOST_COORDINATOR_FAILED` when the primary does not answer, `BOOST_OPTION_INVALID` when there is no way to it
   */
  async relaySync(
    route: RelayRoute,
    since?: LogPosition,
    allowance?: RelayAllowance,
  ): Promise<RelayDelta> {
    return this.#relayOf(route).sync(since, allowance);
  }

  /** As a relay: whether entries are current. */
  async relayCheck(
    route: RelayRoute,
    incarnation: string,
    entries: readonly EntryQuestion[],
    callers: LogPosition,
  ): Promise<CheckReply> {
    return this.#relayOf(route).check(incarnation, entries, callers);
  }

  /** The same calls, for workers without RPC. */
  override async fetch(request: Request): Promise<Response> {
    try {
      return new Response(await answerFetch(this, await request.text()));
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  }

  override async alarm(): Promise<void> {
    const log = await this.#logFor();
    this.#alarmAtMs = null;
    log.maintain();
    this.#arm(log);
  }

  /** Milliseconds since 1970. */
  protected now(): number {
    return Date.now();
  }

  /** What a relay takes from its surroundings. */
  protected ports(): Ports {
    return objectPorts(this.ctx, () => this.now());
  }

  #relayOf({ name, placement }: RelayRoute): Relay {
    const primary = primaryOf(name);
    if (primary === undefined) throw refused('route', 'the name of a relay');
    if (this.#relay?.primary === primary) return this.#relay;
    const namespace = ownNamespace(this.env, this.ctx.id, name, placement.jurisdiction);
    this.#relay = new Relay({ namespace, placement, primary, ports: this.ports() });
    return this.#relay;
  }

  async #load(): Promise<void> {
    const saved = await this.#journal.load();
    this.#alarmAtMs = await this.ctx.storage.getAlarm();
    this.#log = saved === undefined ? undefined : EpochLog.restore(saved, this.#host);
    this.#isLoaded = true;
  }

  /** A new log. An object that is asked as a relay alone has none. */
  #create(groups?: ModelGroups): EpochLog {
    this.#log = EpochLog.create(crypto.randomUUID(), QUIET_MS, this.#host, groups);
    return this.#log;
  }

  get #host(): EpochLogOptions {
    return { clock: { now: () => this.now() }, journal: this.#journal };
  }

  /** The log; a new one when the caller has seen more than the storage has, which was set back then. */
  async #logFor(since?: LogPosition): Promise<EpochLog> {
    if (this.#log !== undefined && since !== undefined && !this.#log.isOfPast(since)) {
      // An object that was superseded fails here, and its successor's log stays.
      await this.#touch();
      await this.ctx.blockConcurrencyWhile(async () => {
        await this.ctx.storage.deleteAll();
        await this.#load();
      });
    }
    if (!this.#isLoaded) throw new Error('the object answers before it was loaded');
    return this.#log ?? this.#create();
  }

  /** One alarm stands for all deadlines: it is moved only to an earlier time. */
  #arm(log: EpochLog): void {
    const { dueAtMs } = log;
    if (dueAtMs === undefined) return;
    if (this.#alarmAtMs !== null && this.#alarmAtMs <= dueAtMs) return;
    this.#alarmAtMs = dueAtMs;
    void this.ctx.storage.setAlarm(dueAtMs);
  }

  /**
   * Fails in an object that another has taken the place of: it would answer from what it remembers.
   *
   * @see https://developers.cloudflare.com/durable-objects/platform/known-issues/#global-uniqueness
   */
  async #touch(): Promise<void> {
    const { storage } = this.ctx;
    // Synchronous, where the platform has it: no turn of the event loop.
    if (this.#hasSql) storage.kv.get('head');
    else await storage.get('head', { noCache: true });
  }
}

function hasSql(storage: DurableObjectStorage): boolean {
  try {
    return storage.sql.databaseSize >= 0;
  } catch {
    // The class is one of `new_classes`.
    return false;
  }
}

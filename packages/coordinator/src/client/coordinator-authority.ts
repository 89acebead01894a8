import {
  BoostError,
  hasReached,
  isolateState,
  type AccessContext,
  type Answer,
  type Authority,
  type AuthorityHost,
  type Fence,
  type Granularity,
  type IsShared,
  type LogPosition,
  type MaybePromise,
  type ModelGroups,
  type ReadContext,
  type ReadTimes,
  type Scope,
  type Session,
  type Stamp,
  type View,
  type WriteContext,
} from '@boost/core';
import { MAX_WRITE_DEADLINE_MS } from '../limits.js';
import { TRAFFIC } from '../shards/traffic.js';
import type { GroupsOf } from './channels.js';
import { CoordinatorView, type ChannelLog, type ReadMarks } from './coordinator-view.js';
import { CoordinatorFence } from './fence.js';
import { ISOLATE, type IsolateLog } from './isolate-log.js';
import { resolveOptions, type CoordinatorOptions } from './options.js';
import { CoordinatorReach } from './reach.js';
import { asCoordinatorSession, CoordinatorSession } from './session.js';
import { parseStamp } from './stamp.js';

export interface CoordinatorAuthorityOptions extends CoordinatorOptions {
  /** Whether the application reads `strong` anywhere: a write that cannot be announced then fails, unless `allowUnfenced`. */
  readonly usesStrong: boolean;
  /** Models whose rows every tenant sees. @defaultValue none */
  readonly isShared?: IsShared;
  /** Milliseconds that one call may take. @defaultValue 2000 */
  readonly timeoutMs?: number;
}

/** Rows fold first. At 9 characters each they take 4.5 KB of an entry. */
const MAX_SCOPES = 500;
/** How often a reader looks for its objects, when other groups come into force meanwhile. */
const MAX_ROUTES = 4;

/**
 * Freshness by a Durable Object per tenant, which orders all writes. An isolate keeps a copy of what was bumped lately and asks
 * only for what is new: before each read for `strong`, when the copy is older than `maxStalenessMs` or than what the session has
 * seen for `session`.
 *
 * @throws BoostError `BOOST_OPTION_INVALID`
 */
export function coordinatorAuthority(
  options: CoordinatorAuthorityOptions,
): (host: AuthorityHost) => Authority {
  const resolved = resolveOptions(options);
  const { usesStrong, isShared = () => false, timeoutMs = 2_000 } = options;
  const { namespace, placement, sharding, maxStalenessMs, allowUnfenced, crossTenant } = resolved;
  const isStrict = allowUnfenced === undefined ? usesStrong : !allowUnfenced;
  return (host) => {
    const isolate = isolateState(namespace, ISOLATE);
    const remote = { namespace, placement, ports: host.ports, timeoutMs };
    const reach = new CoordinatorReach({
      isolate,
      host,
      remote,
      isShared,
      isStrict,
      isApart: !crossTenant,
      sharding,
    });
    return new CoordinatorAuthority(reach, maxStalenessMs);
  };
}

class CoordinatorAuthority implements Authority {
  readonly name = 'coordinator';
  readonly granularity: Granularity = 'field';
  readonly maxScopes = MAX_SCOPES;
  readonly #reach: CoordinatorReach;
  readonly #maxStalenessMs: number;
  readonly #marks: ReadMarks = new WeakMap();

  constructor(reach: CoordinatorReach, maxStalenessMs: number) {
    this.#reach = reach;
    this.#maxStalenessMs = maxStalenessMs;
  }

  session(ticket?: string): Session {
    const { isolate } = this.#reach;
    return new CoordinatorSession(ticket, {
      tick: isolate.tick(),
      nowMs: this.#reach.now(),
      copied: (name) => {
        const { copy, syncedTick } = isolate.log(name);
        return { position: copy.position, syncedTick };
      },
    });
  }

  refuses({ consistency, tenant }: ReadContext): string | undefined {
    // What tenants write is not told where it could hear of it.
    if (this.#reach.isApart && typeof tenant !== 'string') return 'no-tenant';
    // Writers may go on without announcing themselves: only the database can be believed.
    return consistency === 'strong' && !this.#reach.isStrict ? 'strong-needs-fences' : undefined;
  }

  prefetchKeys(): readonly string[] {
    return [];
  }

  open(read: ReadContext, scopes: readonly Scope[]): MaybePromise<View> {
    this.#count(read);
    return this.#open(read, scopes, this.#reach.channels(read.tenant, scopes), MAX_ROUTES);
  }

  #open(
    read: ReadContext,
    scopes: readonly Scope[],
    channels: readonly ChannelLog[],
    attempts: number,
  ): MaybePromise<View> {
    if (attempts === 0) throw new Error('the groups of models change while they are asked for');
    const calls: Promise<void>[] = [];
    for (const channel of channels) {
      const lack = this.#lack(read, channel.log);
      if (lack !== undefined || this.#wanted(read, channel) !== undefined) {
        calls.push(this.#settle(read, channel, lack));
      } else if (this.#isOld(channel.log)) this.#freshenLater(channel);
    }
    if (calls.length === 0) return this.#view(read, channels, scopes);
    return Promise.all(calls).then(() => {
      const names = new Set(channels.map(({ name }) => name));
      const groupsOf: GroupsOf = (root) =>
        channels.find(({ name }) => name === root)?.log.copy.groups;
      const needed = this.#reach.channels(read.tenant, scopes, groupsOf);
      const isSame = needed.length === names.size && needed.every(({ name }) => names.has(name));
      if (isSame) return this.#view(read, channels, scopes);
      // What came may have been other groups: the reader depends on other objects then.
      return this.#open(read, scopes, needed, attempts - 1);
    });
  }

  allows(read: ReadContext, stamp: Stamp, times: ReadTimes): boolean {
    if (read.consistency === 'strong') return false;
    const channels = this.#stamped(read, stamp);
    if (channels === undefined) return false;
    if (channels.some(({ log }) => this.#lack(read, log) !== undefined)) return false;
    const verdict = this.#view(read, channels, []).check(stamp, times);
    if (verdict instanceof Promise) {
      // It would have to be asked: an answer that comes later serves the next reader.
      verdict.catch((error: unknown) => this.#reach.report(error, 'epoch'));
      return false;
    }
    return verdict.kind === 'valid';
  }

  answered(read: ReadContext, { stamp, times }: Answer): void {
    const own = asCoordinatorSession(read.session);
    const parsed = stamp === null ? null : parseStamp(stamp);
    if (parsed === null) own.saw(this.#names(read), this.#marks.get(times) ?? this.#tick());
    for (const { name, incarnation, readBy } of parsed?.parts ?? []) {
      own.raise(name, { incarnation, seq: readBy }, this.#tick());
    }
  }

  /** The session was given an answer of the database that no entry was made of. */
  passed(access: AccessContext): void {
    asCoordinatorSession(access.session).saw(this.#names(access), this.#tick());
  }

  async begin(write: WriteContext, scopes: readonly Scope[]): Promise<Fence> {
    if (write.deadlineMs > MAX_WRITE_DEADLINE_MS) {
      throw new BoostError(
        'BOOST_WRITE_UNFENCED',
        `The write may take ${write.deadlineMs} ms, longer than the ${MAX_WRITE_DEADLINE_MS} ms for which the coordinator keeps an announcement`,
      );
    }
    this.#count(write);
    const fence = new CoordinatorFence(this.#reach, write);
    await fence.extend(scopes);
    return fence;
  }

  #view(
    { session }: ReadContext,
    channels: readonly ChannelLog[],
    scopes: readonly Scope[],
  ): CoordinatorView {
    const sinceMs = asCoordinatorSession(session).untoldMs;
    return new CoordinatorView(this.#reach, channels, scopes, this.#marks, sinceMs);
  }

  #names({ tenant }: AccessContext): readonly string[] {
    return this.#reach.names(tenant);
  }

  #tick(): number {
    return this.#reach.isolate.tick();
  }

  /** The objects that an entry was filled under, if they are those of the groups in force. */
  #stamped({ tenant }: AccessContext, stamp: Stamp): readonly ChannelLog[] | undefined {
    const parsed = parseStamp(stamp);
    const known = this.#reach.names(tenant);
    const names = new Set(parsed?.parts.map(({ name }) => name));
    if (parsed === null || !parsed.parts.every(({ name }) => known.includes(name)))
      return undefined;
    return this.#reach.channelsNamed(tenant, names);
  }

  #count({ tenant }: AccessContext): void {
    if (typeof tenant === 'string') TRAFFIC.count(tenant, this.#reach.now());
  }

  /** What the copy lacks for this reader. */
  #lack({ consistency, session }: ReadContext, log: IsolateLog): Lack | undefined {
    const { copy, syncedTick } = log;
    const isNew = copy.position === undefined;
    // Nothing is answered from it anyway.
    if (copy.isQuiet(this.#reach.now())) return undefined;
    if (consistency === 'strong') return { afterTick: this.#reach.isolate.tick() };
    if (consistency === 'eventual') {
      return isNew ? { afterTick: syncedTick, positions: [] } : undefined;
    }
    const positions: LogPosition[] = [];
    let mustBeCurrent = false;
    let afterTick = isNew || this.#isOld(log) ? syncedTick : undefined;
    for (const { position, afterTick: needed } of asCoordinatorSession(session).needs(log.name)) {
      if (syncedTick > needed || needed < 0) continue;
      if (position === undefined) mustBeCurrent = true;
      else if (hasReached(copy.position, position)) continue;
      else positions.push({ incarnation: position.incarnation, seq: position.seq });
      afterTick = Math.max(afterTick ?? needed, needed);
    }
    if (afterTick === undefined) return undefined;
    return mustBeCurrent ? { afterTick } : { afterTick, positions };
  }

  async #settle(read: ReadContext, channel: ChannelLog, lack: Lack | undefined): Promise<void> {
    if (lack !== undefined) await this.#bring(read, channel, lack);
    const groups = this.#wanted(read, channel);
    if (groups !== undefined) await this.#reach.regroup(channel, groups);
  }

  /** The groups that this deployment wants of the object and that it does not have yet. */
  #wanted({ tenant }: AccessContext, { name, root }: ChannelLog): ModelGroups | undefined {
    return name === root ? this.#reach.wanted(root, tenant) : undefined;
  }

  /** A relay may have what a reader lacks; what it has not, only a call of the object brings. */
  async #bring(read: ReadContext, channel: ChannelLog, lack: Lack): Promise<void> {
    let rest: Lack | undefined = lack;
    if (channel.relays > 0 && lack.positions !== undefined) {
      await this.#askRelay(channel, lack.positions);
      rest = this.#lack(read, channel.log);
    }
    if (rest !== undefined) await this.#reach.freshen(channel, rest.afterTick);
  }

  #isOld({ syncedAtMs }: IsolateLog): boolean {
    return this.#reach.now() - syncedAtMs > this.#maxStalenessMs;
  }

  #freshenLater(channel: ChannelLog): void {
    const { log } = channel;
    this.#reach.background('epoch', async () => {
      await this.#askRelay(channel, []);
      if (this.#isOld(log)) await this.#reach.freshen(channel, log.syncedTick);
    });
  }

  #askRelay(channel: ChannelLog, positions: readonly LogPosition[]): Promise<void> {
    // Half of the time is left for the copy.
    return this.#reach.askRelay(channel, { maxAgeMs: this.#maxStalenessMs / 2, positions });
  }
}

/** What a copy lacks. */
interface Lack {
  /** A call of the object that begins later than this has it, */
  readonly afterTick: number;
  /** and so has a relay that knows of these and is young enough; undefined where it has to ask first. */
  readonly positions?: readonly LogPosition[];
}

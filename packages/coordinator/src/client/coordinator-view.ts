import {
  isRequired,
  scopeHash,
  type Bypass,
  type Capture,
  type LogPosition,
  type MaybePromise,
  type ReadTimes,
  type Scope,
  type ScopeHashes,
  type Stamp,
  type Verdict,
  type View,
} from '@boost/core';
import { channelHashes, hashesOf, type Channel } from './channels.js';
import { groupObjectsOf } from '../shards/model-groups.js';
import type { IsolateLog } from './isolate-log.js';
import type { CoordinatorReach } from './reach.js';
import { formatStamp, parseStamp, type CoordinatorStamp, type StampPart } from './stamp.js';

export interface ChannelLog extends Channel {
  readonly log: IsolateLog;
  /** How many stand in front of the object. */
  readonly relays: number;
}

/** The clocks of two machines differ by less than this, in milliseconds. */
const CLOCK_SKEW_MS = 2_000;

const VALID: Verdict = { kind: 'valid' };
const STALE: Verdict = { kind: 'stale' };
const QUIET: Bypass = { kind: 'bypass', reason: 'coordinator-new' };
const WRITE_UNDER_WAY: Bypass = { kind: 'bypass', reason: 'write-under-way' };
const BUMP_PENDING: Bypass = { kind: 'bypass', reason: 'bump-pending' };

/** By the times of a database read, the isolate's counter when it had ended. */
export type ReadMarks = WeakMap<ReadTimes, number>;

/** What one reader knows: the isolate's copies of the logs that it depends on, no older than it may take them. */
export class CoordinatorView implements View {
  readonly #reach: CoordinatorReach;
  readonly #channels: readonly ChannelLog[];
  readonly #scopes: readonly Scope[];
  readonly #marks: ReadMarks;
  readonly #sinceMs: number;

  /** @param sinceMs - entries count that were read from the database after it; 0 for all */
  constructor(
    reach: CoordinatorReach,
    channels: readonly ChannelLog[],
    scopes: readonly Scope[],
    marks: ReadMarks,
    sinceMs: number,
  ) {
    this.#reach = reach;
    this.#channels = channels;
    this.#scopes = scopes;
    this.#marks = marks;
    this.#sinceMs = sinceMs;
  }

  check(stamp: Stamp, { startMs }: ReadTimes): MaybePromise<Verdict> {
    if (this.#sinceMs > 0 && startMs <= this.#sinceMs + CLOCK_SKEW_MS) return STALE;
    const parsed = parseStamp(stamp);
    if (parsed === null) return STALE;
    for (const scope of this.#scopes) {
      if (isRequired(scope) && !parsed.hashes.includes(scopeHash(scope))) return STALE;
    }
    // It was filled under groups that are in force, as far as the first of its objects knows, and that this reader has not asked.
    const names = new Set(this.#channels.map(({ name }) => name));
    if (!parsed.parts.every(({ name }) => names.has(name))) return STALE;
    const unknown: { readonly channel: ChannelLog; readonly part: StampPart }[] = [];
    for (const channel of this.#channels) {
      const part = parsed.parts.find(({ name }) => name === channel.name);
      if (part === undefined) return STALE;
      const verdict = this.#checkHere(channel, part, parsed);
      if (verdict === 'unknown') unknown.push({ channel, part });
      else if (verdict.kind !== 'valid') return verdict;
    }
    if (unknown.length === 0) return VALID;
    const asked = unknown.map(({ channel, part }) => this.#ask(channel, part, parsed));
    return Promise.all(asked).then(
      (verdicts) => verdicts.find(({ kind }) => kind !== 'valid') ?? VALID,
    );
  }

  capture(): Capture | Bypass {
    const hashes = hashesOf(this.#scopes);
    const positions = new Map<string, LogPosition>();
    const nowMs = this.#reach.now();
    for (const channel of this.#channels) {
      const { log } = channel;
      const own = channelHashes(channel, hashes);
      const { position } = log.copy;
      if (position === undefined || log.copy.isQuiet(nowMs)) return QUIET;
      if (log.owes(own)) return BUMP_PENDING;
      if (log.copy.isPending(own)) return WRITE_UNDER_WAY;
      positions.set(log.name, position);
    }
    return { kind: 'capture', stamp: (scopes, times) => this.#stamp(positions, scopes, times) };
  }

  #checkHere(
    channel: ChannelLog,
    part: StampPart,
    { hashes, text }: CoordinatorStamp,
  ): Verdict | 'unknown' {
    const { log } = channel;
    const { incarnation, seq } = part;
    const own = channelHashes(channel, hashes);
    if (log.copy.isQuiet(this.#reach.now())) return QUIET;
    if (log.owes(own)) return BUMP_PENDING;
    const confirmed = log.confirmed.get(confirmedKey(channel, part, text)) ?? 0;
    const position = { incarnation, seq: Math.max(seq, confirmed) };
    const verdict = log.copy.check(position, own);
    if (verdict === 'bypass') return WRITE_UNDER_WAY;
    if (verdict === 'stale') return this.#stale(channel, position);
    return verdict === 'valid' ? VALID : 'unknown';
  }

  /** Names what was bumped where the query tells it; of what only the entry knows there are hashes alone. */
  #stale(channel: ChannelLog, position: LogPosition): Verdict {
    if (position.incarnation !== channel.log.copy.position?.incarnation) return STALE;
    const scope = this.#scopes.find((one) => {
      const hashes = channelHashes(channel, hashesOf([one]));
      return channel.log.copy.check(position, hashes) === 'stale';
    });
    return scope === undefined ? STALE : { kind: 'stale', scope };
  }

  /** Of an entry that is older than what the copy knows of. */
  async #ask(
    channel: ChannelLog,
    part: StampPart,
    { hashes, text }: CoordinatorStamp,
  ): Promise<Verdict> {
    const { log } = channel;
    const { incarnation, seq } = part;
    const questions = [{ seq, hashes: channelHashes(channel, hashes) }];
    const reply = await this.#reach.source(channel).check(incarnation, questions);
    const [verdict] = reply.verdicts;
    if (verdict === 'bypass') return WRITE_UNDER_WAY;
    if (verdict !== 'valid') return STALE;
    log.confirmed.set(confirmedKey(channel, part, text), reply.seq, text.length);
    return VALID;
  }

  #stamp(
    before: ReadonlyMap<string, LogPosition>,
    scopes: readonly Scope[],
    times: ReadTimes,
  ): Promise<Stamp | null> {
    // What is only known from the result has an object that was not asked.
    if (!this.#covers(scopes)) return Promise.resolve(null);
    // The database has answered: a call that begins from now on knows of every write that the answer shows.
    const tick = this.#reach.isolate.tick();
    this.#marks.set(times, tick);
    return this.#stampAfter(tick, before, hashesOf(scopes));
  }

  #covers(scopes: readonly Scope[]): boolean {
    const names = new Set(this.#channels.map(({ name }) => name));
    return this.#channels.every(({ root, log }) => {
      if (log.name !== root) return true;
      return groupObjectsOf(root, log.copy.groups, scopes).every((name) => names.has(name));
    });
  }

  async #stampAfter(
    tick: number,
    before: ReadonlyMap<string, LogPosition>,
    hashes: ScopeHashes,
  ): Promise<Stamp | null> {
    await Promise.all(this.#channels.map((channel) => this.#reach.freshen(channel, tick)));
    const parts: StampPart[] = [];
    for (const channel of this.#channels) {
      const { name, log } = channel;
      const captured = before.get(name);
      const own = channelHashes(channel, hashes);
      if (captured === undefined || log.copy.isQuiet(this.#reach.now()) || log.owes(own))
        return null;
      if (log.copy.check(captured, own) !== 'valid') return null;
      parts.push({ name, ...captured, readBy: log.copy.position?.seq ?? captured.seq });
    }
    return formatStamp(parts, hashes);
  }
}

/** Entries that captured the same and depend on the same, of the same half of the object, are current together. */
function confirmedKey({ isUp }: Channel, { incarnation, seq }: StampPart, text: string): string {
  return `${incarnation} ${seq} ${isUp ? 'up' : 'down'} ${text}`;
}

import { BoostError } from '../error.js';
import { coarseScopes } from '../scope/coarse-scope.js';
import { isolateState } from '../isolate-state.js';
import { randomText, sleep } from '../ports.js';
import type { Granularity, Scope } from '../scope/scope.js';
import type {
  Answer,
  Authority,
  AuthorityHost,
  BumpReport,
  Fence,
  MaybePromise,
  ReadContext,
  ReadTimes,
  Session,
  Stamp,
  View,
  WriteContext,
} from './authority.js';
import { KVBumper } from './kv-bumper.js';
import { KV_ISOLATE, type KVIsolate } from './kv-isolate.js';
import { checkPrefix, epochKey } from './kv-keys.js';
import { readAfter, surelyBefore } from './kv-known.js';
import { KVSession, OwnWrite } from './kv-session.js';
import { pooled } from './pooled.js';
import { KVView, type KVReader } from './kv-view.js';
import { parseStamp } from './kv-stamp.js';
import type { Nonce } from './nonce.js';
import {
  frugalRouting,
  modelOf,
  scopeOf,
  spacedKey,
  type IsShared,
  type Routing,
  type SpacedKey,
} from './space.js';

export interface KVAuthorityOptions {
  /** What every key begins with, so that several applications can use one namespace. @defaultValue '' */
  readonly prefix?: string;
  /** @defaultValue 'model' */
  readonly granularity?: Granularity;
  /** Models whose rows every tenant sees. @defaultValue none */
  readonly isShared?: IsShared;
  /** Most that the clocks of two machines are taken to differ, in milliseconds. @defaultValue 2000 */
  readonly clockSkewMs?: number;
  /**
   * Milliseconds after which KV is taken to have told every data centre of a write. What a session or an isolate forgets, and
   * what a ticket carries, counts for so long.
   *
   * @defaultValue 300_000
   */
  readonly propagationMs?: number;
}

/** An entry has few epoch keys, so that it and they come in one bulk read, which is billed by the key. */
const MAX_SCOPES = 10;
/**
 * Most puts of one write; above it everything of the models is bumped instead. A Worker may do 1,000 operations on KV in one
 * invocation, and what is refused is not bumped.
 *
 * @see https://developers.cloudflare.com/kv/platform/limits/
 */
const MAX_PUTS = 800;
/** A Worker has six connections: further puts would wait, and their deadlines pass meanwhile. */
const MAX_CONCURRENT_PUTS = 6;
const DEFAULT_CLOCK_SKEW_MS = 2_000;
const DEFAULT_PROPAGATION_MS = 300_000;
/**
 * Oldest database read that a reader may join, in milliseconds. The reader does not learn of writes elsewhere that happened since;
 * nor would it from KV, where a data centre answers from its own copies for at least 30 s.
 */
const MAX_JOIN_AGE_MS = 10_000;

/**
 * Epochs as nonces in a shared store without order (Workers KV). A session sees its own writes at once; everyone else when
 * the store has propagated the bump. Not promised, and bounded by the TTL: a writer that dies before its put, clocks that
 * differ by more than `clockSkewMs`, a put that is refused for longer than the platform lets it be retried.
 *
 * @throws BoostError `BOOST_OPTION_INVALID` for options out of range, and from the returned function for a store that is not shared
 */
export function kvAuthority(options: KVAuthorityOptions = {}): (host: AuthorityHost) => Authority {
  checkPrefix(options.prefix ?? '');
  for (const name of ['clockSkewMs', 'propagationMs'] as const) {
    const value = options[name] ?? 0;
    if (value >= 0 && Number.isFinite(value)) continue;
    throw new BoostError(
      'BOOST_OPTION_INVALID',
      `${name} is ${value}; give a number of milliseconds, 0 or more`,
      { details: { option: name } },
    );
  }
  return (host) => {
    if (!host.store.capabilities.shared) {
      throw new BoostError(
        'BOOST_OPTION_INVALID',
        `The ${host.store.name} store is seen by this isolate or data centre alone and cannot carry epochs; use a shared store behind it`,
        { details: { option: 'adapter' } },
      );
    }
    return new KVAuthority(host, options);
  };
}

class KVAuthority implements Authority, KVReader {
  readonly name = 'kv';
  readonly granularity: Granularity;
  readonly maxScopes = MAX_SCOPES;
  readonly marginMs: number;
  readonly #host: AuthorityHost;
  readonly #isolate: KVIsolate;
  readonly #bumper: KVBumper;
  readonly #routing: Routing;
  readonly #prefix: string;
  readonly #propagationMs: number;
  /** By the times of a database read, the name of its fill. */
  readonly #fillIds = new WeakMap<ReadTimes, string>();

  constructor(host: AuthorityHost, options: KVAuthorityOptions) {
    this.granularity = options.granularity ?? 'model';
    this.marginMs = options.clockSkewMs ?? DEFAULT_CLOCK_SKEW_MS;
    this.#propagationMs = options.propagationMs ?? DEFAULT_PROPAGATION_MS;
    this.#host = host;
    this.#isolate = isolateState(host.store.identity, KV_ISOLATE);
    this.#bumper = new KVBumper(host, this.#isolate);
    this.#routing = frugalRouting(options.isShared ?? (() => false));
    this.#prefix = options.prefix ?? '';
  }

  session(ticket?: string): Session {
    return new KVSession(ticket, this.#now());
  }

  refuses(read: ReadContext, scopes: readonly Scope[]): string | undefined {
    if (read.consistency === 'strong') return 'kv-cannot-be-strong';
    return this.#routing.read(read.tenant, scopes) === null ? 'no-tenant' : undefined;
  }

  prefetchKeys(read: ReadContext, scopes: readonly Scope[]): readonly string[] {
    return this.route(read, scopes).map((key) => epochKey(this.#prefix, key));
  }

  open(
    read: ReadContext,
    scopes: readonly Scope[],
    prefetched: ReadonlyMap<string, string | null>,
  ): MaybePromise<View> {
    return KVView.open(this, read, scopes, prefetched);
  }

  allows(read: ReadContext, stamp: Stamp, times: ReadTimes): boolean {
    const captured = parseStamp(stamp);
    if (captured === null || read.consistency === 'strong') return false;
    if (this.#now() - times.startMs > MAX_JOIN_AGE_MS) return false;
    for (const [spaced, nonce] of captured) {
      const key = this.keyOf(spaced);
      const own = this.own(key);
      if (own !== undefined && own.text !== nonce && !readAfter(times, own, this.marginMs)) {
        return false;
      }
    }
    return this.allowsSession(read, stamp, times);
  }

  answered(read: ReadContext, answer: Answer): void {
    if (read.consistency === 'eventual') return;
    const fillId = answer.isLocal === true ? this.#fillIds.get(answer.times) : undefined;
    const filled = fillId === undefined ? answer : { ...answer, fillId };
    sessionOf(read.session).answered(read.key, filled, this.#now(), this.marginMs);
  }

  begin(write: WriteContext): Promise<Fence> {
    // Epochs in a store cannot hold readers back; that a fill captures before it reads is what makes a racing one harmless.
    const commit = (scopes: readonly Scope[]): Promise<BumpReport> => this.#bump(write, scopes);
    return Promise.resolve({
      extend: () => Promise.resolve(),
      abort: () => Promise.resolve(),
      commit,
      unknown: (scopes) => this.#bumpTwice(write, scopes),
    });
  }

  route(read: ReadContext, scopes: readonly Scope[]): readonly SpacedKey[] {
    return (this.#routing.read(read.tenant, scopes) ?? []).map(spacedKey);
  }

  keyOf(spaced: SpacedKey): string {
    return epochKey(this.#prefix, spaced);
  }

  /** The newest bump of the key that this isolate made. */
  own(key: string): Nonce | undefined {
    return this.#isolate.own.get(key);
  }

  bypass(key: string): string | undefined {
    return this.#isolate.bypass(key, this.#now());
  }

  allowsSession(read: ReadContext, stamp: Stamp, times: ReadTimes): boolean {
    const { marginMs } = this;
    const session = sessionOf(read.session);
    const sinceMs = this.#now() - this.#propagationMs;
    const floorMs = Math.max(this.#isolate.own.floorMs(sinceMs), session.floorMs(sinceMs));
    if (floorMs > 0 && !surelyBefore(floorMs, times.startMs, marginMs)) return false;
    if (session.hasWritten && !this.#showsWrites(session, stamp, times, sinceMs)) return false;
    if (read.consistency === 'eventual') return true;
    return session.allowsAnswer(read.key, stamp, times, { marginMs, sinceMs });
  }

  async load(keys: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    return this.#host.store.getMany(keys, keys);
  }

  fillId(times: ReadTimes): string {
    const id = randomText(this.#host.ports.random, 8);
    this.#fillIds.set(times, id);
    return id;
  }

  async #bump(write: WriteContext, given: readonly Scope[]): Promise<BumpReport> {
    const session = sessionOf(write.session);
    const keysOf = (some: readonly Scope[]): ReadonlySet<string> =>
      new Set(this.#routing.write(write.tenant, some).map((s) => this.keyOf(spacedKey(s))));
    const asked = keysOf(given);
    const isTooMany = asked.size > MAX_PUTS;
    const scopes = isTooMany ? coarseScopes(given) : given;
    const keys = isTooMany ? keysOf(scopes) : asked;
    const own = new OwnWrite();
    for (const scope of scopes) {
      const model = modelOf(scope);
      if (model !== null) session.wrote(model, own);
    }
    const remember = (nonce: Nonce): void => {
      own.add(nonce);
      session.bumped(nonce.timeMs);
    };
    const outcomes = await pooled([...keys], MAX_CONCURRENT_PUTS, (key) =>
      this.#bumper.bump(key, remember),
    );
    return {
      scopes,
      puts: outcomes.reduce((sum, { puts }) => sum + puts, 0),
      incomplete: outcomes.some(({ landed }) => !landed),
      ...(isTooMany ? { reason: 'put-budget' } : {}),
    };
  }

  /** Whether an entry was read after the session's own writes to every model that it touches. */
  #showsWrites(session: KVSession, stamp: Stamp, times: ReadTimes, sinceMs: number): boolean {
    const captured = parseStamp(stamp);
    if (captured === null) return false;
    const models = new Set([...captured.keys()].map((key) => modelOf(scopeOf(key))));
    const writes = [...models].flatMap((model) =>
      model === null ? [] : (session.writeTo(model, sinceMs) ?? []),
    );
    const isLater = (write: OwnWrite): boolean =>
      surelyBefore(write.timeMs, times.startMs, this.marginMs) ||
      [...captured].some(([key, text]) => {
        const own = this.own(this.keyOf(key));
        return own !== undefined && own.text === text && write.precedes(own);
      });
    return writes.every(isLater);
  }

  /** The database may commit until the deadline: bumps again then, as long as the platform keeps the request alive. */
  #bumpTwice(write: WriteContext, scopes: readonly Scope[]): Promise<BumpReport> {
    const nowMs = this.#now();
    const untilMs = nowMs + write.deadlineMs;
    for (const spaced of this.#routing.write(write.tenant, scopes)) {
      this.#isolate.undecided(this.keyOf(spacedKey(spaced)), nowMs, untilMs);
    }
    const again = async (): Promise<void> => {
      await sleep(this.#host.ports.timers, write.deadlineMs);
      await this.#bump(write, scopes);
    };
    this.#host.ports.waitUntil(again());
    return this.#bump(write, scopes);
  }

  #now(): number {
    return this.#host.ports.clock.now();
  }
}

function sessionOf(session: Session): KVSession {
  if (session instanceof KVSession) return session;
  throw new BoostError(
    'BOOST_OPTION_INVALID',
    'The session was made by another authority; make it with session() of the same engine',
    { details: { option: 'session' } },
  );
}

import { randomText, type Clock, type Random } from '../ports.js';
import type { Granularity, Scope } from '../scope/scope.js';
import type {
  Authority,
  BumpReport,
  Bypass,
  Capture,
  Fence,
  ReadContext,
  Session,
  Stamp,
  Verdict,
  View,
  WriteContext,
} from './authority.js';
import { BumpLog } from './bump-log.js';
import {
  exactRouting,
  scopeOf,
  spacedKey,
  type ExactRouting,
  type IsShared,
  type SpacedKey,
} from './space.js';
import { isRequired } from './stamp.js';

export interface MemoryAuthorityOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** @defaultValue 'field' */
  readonly granularity?: Granularity;
  /** Most scopes of one entry. @defaultValue 1000 */
  readonly maxScopes?: number;
  /** Models whose rows every tenant sees. @defaultValue none */
  readonly isShared?: IsShared;
  /** Most scopes remembered before everything older is invalidated at once. @defaultValue 100_000 */
  readonly maxBumps?: number;
}

/**
 * An authority in this process: exact for every reader and writer that uses the same one, at every consistency. It orders all
 * bumps by one sequence number, keeps the writes that are under way, and decides as the coordinator does, without a network.
 */
export function createMemoryAuthority(options: MemoryAuthorityOptions): Authority {
  return new MemoryAuthority(options);
}

const WRITE_UNDER_WAY: Bypass = { kind: 'bypass', reason: 'write-under-way' };

class MemoryAuthority implements Authority {
  readonly name = 'memory';
  readonly granularity: Granularity;
  readonly maxScopes: number;
  readonly #log: BumpLog;
  readonly #routing: ExactRouting;

  constructor(options: MemoryAuthorityOptions) {
    this.granularity = options.granularity ?? 'field';
    this.maxScopes = options.maxScopes ?? 1_000;
    this.#routing = exactRouting(options.isShared ?? (() => false));
    const incarnation = randomText(options.random, 12);
    this.#log = new BumpLog(incarnation, options.clock, options.maxBumps ?? 100_000);
  }

  session(): Session {
    // Every reader sees every write at once: there is nothing that a session would have to remember.
    return { ticket: () => '' };
  }

  refuses(): undefined {
    // Whatever has scopes can be cached: all spaces are at hand.
  }

  prefetchKeys(): readonly string[] {
    return [];
  }

  open(read: ReadContext, scopes: readonly Scope[]): View {
    const routed = this.#routing.read(read.tenant, scopes);
    const known = routed.map(spacedKey);
    const required = routed.filter(({ scope }) => isRequired(scope)).map(spacedKey);
    return {
      check: (stamp) => this.#check(stamp, required),
      capture: () => (this.#log.isPending(known) ? WRITE_UNDER_WAY : this.#capture(read)),
    };
  }

  allows(_read: ReadContext, stamp: Stamp): boolean {
    return this.#check(stamp, []).kind === 'valid';
  }

  answered(): void {
    // No answer is older than the one before it: all were checked against the same log.
  }

  begin(write: WriteContext, scopes: readonly Scope[]): Promise<Fence> {
    const keys = (some: readonly Scope[]): readonly SpacedKey[] =>
      this.#routing.write(write.tenant, some).map(spacedKey);
    const report = (bumps: readonly Scope[]): Promise<BumpReport> =>
      Promise.resolve({ scopes: bumps, puts: 0, incomplete: false });
    this.#log.begin(write.id, keys(scopes), write.deadlineMs);
    return Promise.resolve({
      extend: (more) => {
        this.#log.extend(write.id, keys(more));
        return Promise.resolve();
      },
      commit: (bumps) => {
        this.#log.commit(write.id, keys(bumps));
        return report(bumps);
      },
      abort: () => {
        this.#log.abort(write.id);
        return Promise.resolve();
      },
      unknown: (bumps) => {
        this.#log.unknown(write.id, keys(bumps));
        return report(bumps);
      },
    });
  }

  #capture(read: ReadContext): Capture {
    const { seq, incarnation } = this.#log;
    return {
      kind: 'capture',
      stamp: (scopes) => {
        const keys = this.#routing.read(read.tenant, scopes).map(spacedKey);
        const dead = this.#log.isPending(keys) || this.#log.bumpedSince(seq, keys) !== undefined;
        return dead ? null : [incarnation, seq, ...keys];
      },
    };
  }

  #check(stamp: Stamp, required: readonly SpacedKey[]): Verdict {
    const [incarnation, seq, ...keys] = stamp;
    if (incarnation !== this.#log.incarnation || typeof seq !== 'number' || !isKeys(keys)) {
      return { kind: 'stale' };
    }
    if (!required.every((key) => keys.includes(key))) return { kind: 'stale' };
    if (this.#log.isPending(keys)) return WRITE_UNDER_WAY;
    const bumped = this.#log.bumpedSince(seq, keys);
    if (bumped === undefined) return { kind: 'valid' };
    return bumped === null ? { kind: 'stale' } : { kind: 'stale', scope: scopeOf(bumped) };
  }
}

function isKeys(keys: readonly unknown[]): keys is readonly SpacedKey[] {
  return keys.every((key) => typeof key === 'string');
}

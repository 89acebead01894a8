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
import { EpochLog } from './log/epoch-log.js';
import type { EntryQuestion } from './log/log-format.js';
import { scopeHash, type ScopeHash, type ScopeHashes } from './log/scope-hash.js';
import {
  exactRouting,
  spacedKey,
  type ExactRouting,
  type IsShared,
  type SpacedScope,
  type Tenant,
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
  /** Most scopes remembered before those that were bumped longest ago, and all entries of then, are given up. @defaultValue 100_000 */
  readonly maxBumps?: number;
}

/**
 * An authority in this process: exact for every reader and writer that uses the same one, at every consistency. It orders all
 * bumps by one sequence number, keeps the writes that are under way, and decides as the coordinator does, without a network.
 */
export function createMemoryAuthority(options: MemoryAuthorityOptions): Authority {
  return new MemoryAuthority(options);
}

/** What was found out about a stamp, for the same read asked again: neither changes. */
interface Asked {
  readonly tenant: Tenant;
  readonly scopes: readonly Scope[];
  readonly question: EntryQuestion;
}

const VALID: Verdict = { kind: 'valid' };
const STALE: Verdict = { kind: 'stale' };
const WRITE_UNDER_WAY: Bypass = { kind: 'bypass', reason: 'write-under-way' };

const NO_SCOPES: readonly Scope[] = [];

/** One reader's view: one object of a class for each hit costs less than closures. */
class MemoryView implements View {
  readonly #authority: MemoryAuthority;
  readonly #read: ReadContext;
  readonly #scopes: readonly Scope[];

  constructor(authority: MemoryAuthority, read: ReadContext, scopes: readonly Scope[]) {
    this.#authority = authority;
    this.#read = read;
    this.#scopes = scopes;
  }

  check(stamp: Stamp): Verdict {
    return this.#authority.check(stamp, this.#read, this.#scopes);
  }

  capture(): Capture | Bypass {
    return this.#authority.capture(this.#read, this.#scopes);
  }
}

class MemoryAuthority implements Authority {
  readonly name = 'memory';
  readonly granularity: Granularity;
  readonly maxScopes: number;
  readonly #log: EpochLog;
  readonly #routing: ExactRouting;
  readonly #asked = new WeakMap<Stamp, Asked>();

  constructor(options: MemoryAuthorityOptions) {
    this.granularity = options.granularity ?? 'field';
    this.maxScopes = options.maxScopes ?? 1_000;
    this.#routing = exactRouting(options.isShared ?? (() => false));
    const incarnation = randomText(options.random, 12);
    // No writer is older than the log: nothing has to be waited for.
    this.#log = EpochLog.create(incarnation, 0, {
      clock: options.clock,
      maxScopes: options.maxBumps ?? 100_000,
    });
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
    return new MemoryView(this, read, scopes);
  }

  allows(read: ReadContext, stamp: Stamp): boolean {
    return this.check(stamp, read, NO_SCOPES).kind === 'valid';
  }

  answered(): void {
    // No answer is older than the one before it: all were checked against the same log.
  }

  begin(write: WriteContext, scopes: readonly Scope[]): Promise<Fence> {
    const hashes = (some: readonly Scope[]): ScopeHashes =>
      hashesOf(this.#routing.write(write.tenant, some));
    const report = (bumps: readonly Scope[]): Promise<BumpReport> =>
      Promise.resolve({ scopes: bumps, puts: 0, incomplete: false });
    this.#log.begin(write.id, hashes(scopes), write.deadlineMs);
    return Promise.resolve({
      extend: (more) => {
        this.#log.begin(write.id, hashes(more), write.deadlineMs);
        return Promise.resolve();
      },
      commit: (bumps) => {
        this.#log.commit(write.id, hashes(bumps));
        return report(bumps);
      },
      abort: () => {
        this.#log.abort(write.id);
        return Promise.resolve();
      },
      unknown: (bumps) => {
        this.#log.unknown(write.id, hashes(bumps), write.deadlineMs);
        return report(bumps);
      },
    });
  }

  capture(read: ReadContext, known: readonly Scope[]): Capture | Bypass {
    if (this.#log.isPending(this.#readHashes(read, known))) return WRITE_UNDER_WAY;
    const { seq, incarnation } = this.#log;
    return {
      kind: 'capture',
      stamp: (scopes) => {
        const hashes = this.#readHashes(read, scopes);
        const isCurrent = this.#log.check({ seq, hashes }) === 'valid';
        return isCurrent ? [incarnation, seq, ...hashes] : null;
      },
    };
  }

  check(stamp: Stamp, read: ReadContext, scopes: readonly Scope[]): Verdict {
    const question = this.#question(stamp, read, scopes);
    if (question === null) return STALE;
    switch (this.#log.check(question)) {
      case 'valid':
        return VALID;
      case 'bypass':
        return WRITE_UNDER_WAY;
      case 'stale':
        return this.#stale(question.seq, read, scopes);
    }
  }

  /** What the log is asked about a stamp; null for one that is not of this log, or lacks what its reader requires. */
  #question(stamp: Stamp, read: ReadContext, scopes: readonly Scope[]): EntryQuestion | null {
    const asked = this.#asked.get(stamp);
    if (asked?.scopes === scopes && asked.tenant === read.tenant) return asked.question;
    const [incarnation, seq, ...rest] = stamp;
    if (incarnation !== this.#log.incarnation || typeof seq !== 'number' || !isHashes(rest)) {
      return null;
    }
    for (const hash of this.#readHashes(read, scopes.filter(isRequired))) {
      if (!rest.includes(hash)) return null;
    }
    const question = { seq, hashes: Float64Array.from(rest) };
    this.#asked.set(stamp, { tenant: read.tenant, scopes, question });
    return question;
  }

  /** Names what was bumped where the query tells it; of what only the entry knows there are hashes alone. */
  #stale(seq: number, read: ReadContext, scopes: readonly Scope[]): Verdict {
    const bumped = scopes.find((scope) => {
      const hashes = this.#readHashes(read, [scope]);
      return this.#log.check({ seq, hashes }) === 'stale';
    });
    return bumped === undefined ? STALE : { kind: 'stale', scope: bumped };
  }

  #readHashes(read: ReadContext, scopes: readonly Scope[]): ScopeHashes {
    return hashesOf(this.#routing.read(read.tenant, scopes));
  }
}

function hashesOf(routed: readonly SpacedScope[]): ScopeHashes {
  return Float64Array.from(routed, (spaced) => scopeHash(spacedKey(spaced)));
}

function isHashes(hashes: readonly unknown[]): hashes is readonly ScopeHash[] {
  return hashes.every((hash) => typeof hash === 'number');
}

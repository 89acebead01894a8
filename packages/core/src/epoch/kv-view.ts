import type { Scope } from '../scope/scope.js';
import type {
  Bypass,
  Capture,
  MaybePromise,
  ReadContext,
  ReadTimes,
  Stamp,
  Verdict,
  View,
} from './authority.js';
import { knownEpoch, newerEpoch, readAfter, reflects, type KnownEpoch } from './kv-known.js';
import { formatStamp, parseStamp, type Captured } from './kv-stamp.js';
import type { Nonce } from './nonce.js';
import { scopeOf, type SpacedKey } from './space.js';
import { isRequired } from './stamp.js';

/** What a view takes from its authority. */
export interface KVReader {
  readonly marginMs: number;
  route(read: ReadContext, scopes: readonly Scope[]): readonly SpacedKey[];
  keyOf(spaced: SpacedKey): string;
  own(key: string): Nonce | undefined;
  bypass(key: string): string | undefined;
  allowsSession(read: ReadContext, stamp: Stamp, times: ReadTimes): boolean;
  load(keys: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
  /** Names the fill of a database read, before the session is told of the answer. */
  fillId(times: ReadTimes): string;
}

/** One reader's knowledge of the epochs of one read. */
export class KVView implements View {
  readonly #reader: KVReader;
  readonly #read: ReadContext;
  /** Scopes known from the arguments. */
  readonly #known: readonly SpacedKey[];
  readonly #epochs = new Map<SpacedKey, KnownEpoch>();

  private constructor(reader: KVReader, read: ReadContext, known: readonly SpacedKey[]) {
    this.#reader = reader;
    this.#read = read;
    this.#known = known;
  }

  static open(
    reader: KVReader,
    read: ReadContext,
    scopes: readonly Scope[],
    prefetched: ReadonlyMap<string, string | null>,
  ): MaybePromise<View> {
    const view = new KVView(reader, read, reader.route(read, scopes));
    const missing = view.#take(view.#known, prefetched);
    return missing.length === 0 ? view : view.#load(missing).then(() => view);
  }

  check(stamp: Stamp, times: ReadTimes): MaybePromise<Verdict> {
    const captured = parseStamp(stamp);
    if (captured === null) return { kind: 'stale' };
    const lacking = this.#known.find((key) => isRequired(scopeOf(key)) && !captured.has(key));
    if (lacking !== undefined) return { kind: 'stale', scope: scopeOf(lacking) };
    const missing = [...captured.keys()].filter((key) => !this.#epochs.has(key));
    if (missing.length === 0) return this.#judge(captured, stamp, times);
    return this.#load(missing).then(() => this.#judge(captured, stamp, times));
  }

  capture(): Capture | Bypass {
    const captured = new Map<SpacedKey, Nonce | 'absent'>();
    for (const key of this.#known) {
      const epoch = this.#effective(key);
      if (epoch === 'unreadable') {
        const reason = this.#reader.bypass(this.#reader.keyOf(key)) ?? 'epoch-unreadable';
        return { kind: 'bypass', reason };
      }
      captured.set(key, epoch);
    }
    return { kind: 'capture', stamp: (scopes, times) => this.#stamp(captured, scopes, times) };
  }

  #judge(captured: Captured, stamp: Stamp, times: ReadTimes): Verdict {
    let staleIn: SpacedKey | undefined;
    for (const [spaced, nonce] of captured) {
      const key = this.#reader.keyOf(spaced);
      const reason = this.#reader.bypass(key);
      if (reason !== undefined) return { kind: 'bypass', reason };
      const stored = this.#epochs.get(spaced) ?? 'unreadable';
      if (stored === 'unreadable') return { kind: 'bypass', reason: 'epoch-unreadable' };
      const own = this.#reader.own(key);
      if (!reflects(nonce, stored, own, times, this.#reader.marginMs)) staleIn ??= spaced;
    }
    if (staleIn !== undefined) return { kind: 'stale', scope: scopeOf(staleIn) };
    return this.#reader.allowsSession(this.#read, stamp, times)
      ? { kind: 'valid' }
      : { kind: 'stale' };
  }

  #stamp(
    before: ReadonlyMap<SpacedKey, Nonce | 'absent'>,
    scopes: readonly Scope[],
    times: ReadTimes,
  ): MaybePromise<Stamp | null> {
    const fillId = this.#reader.fillId(times);
    const keys = this.#reader.route(this.#read, scopes);
    // Folding may have replaced what the arguments tell; what only the result tells is read now, and must be old.
    const later = keys.filter((key) => !before.has(key));
    const finish = (): Stamp | null => {
      const captured = new Map<SpacedKey, string | null>();
      for (const key of keys) {
        const epoch = before.get(key) ?? this.#agedEpoch(key, times);
        // An own bump since the capture: the entry would be dead on arrival.
        const now = this.#effective(key);
        if (epoch === 'unreadable' || now === 'unreadable' || textOf(now) !== textOf(epoch)) {
          return null;
        }
        captured.set(key, textOf(epoch));
      }
      return formatStamp(fillId, captured);
    };
    return later.length === 0 ? finish() : this.#load(later).then(finish);
  }

  /** An epoch read after the database, where it was surely bumped before the database was read. */
  #agedEpoch(key: SpacedKey, times: ReadTimes): KnownEpoch {
    const epoch = this.#effective(key);
    if (epoch === 'absent' || epoch === 'unreadable') return epoch;
    return readAfter(times, epoch, this.#reader.marginMs) ? epoch : 'unreadable';
  }

  /** What an entry that is filled now captures; unreadable also where a bump is pending. */
  #effective(spaced: SpacedKey): KnownEpoch {
    const key = this.#reader.keyOf(spaced);
    const stored = this.#epochs.get(spaced) ?? 'unreadable';
    if (stored === 'unreadable' || this.#reader.bypass(key) !== undefined) return 'unreadable';
    return newerEpoch(stored, this.#reader.own(key));
  }

  /** Takes what was read; returns the scopes that were not asked for. */
  #take(
    spaced: readonly SpacedKey[],
    values: ReadonlyMap<string, string | null>,
  ): readonly SpacedKey[] {
    return spaced.filter((name) => {
      const epoch = knownEpoch(values.get(this.#reader.keyOf(name)));
      this.#epochs.set(name, epoch);
      return !values.has(this.#reader.keyOf(name));
    });
  }

  async #load(spaced: readonly SpacedKey[]): Promise<void> {
    this.#take(spaced, await this.#reader.load(spaced.map((name) => this.#reader.keyOf(name))));
  }
}

function textOf(epoch: Nonce | 'absent'): string | null {
  return epoch === 'absent' ? null : epoch.text;
}

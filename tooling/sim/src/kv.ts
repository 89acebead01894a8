import type { KVAdapterOptions } from '@boost/adapter-kv';
import type { Request } from './isolate.ts';
import type { Random } from '@boost-tooling/fuzz/random';
import type { Scheduler } from './scheduler.ts';

/** What can go wrong with the store, each with the probability that it does for one call. */
export interface KVFaults {
  /** A read of the store fails, hangs or takes seconds. */
  readonly kvRead: number;
  /** A put is refused, acknowledged late, or done without being acknowledged. */
  readonly kvPut: number;
  /** A put is acknowledged and never done. */
  readonly kvLost: number;
  /** What a read of the store returns is damaged. */
  readonly kvTorn: number;
}

export interface KVSettings {
  readonly colos: number;
  /** Milliseconds for which a data centre may answer from its own copy, absences included. */
  readonly coloCacheMs: number;
  /** Longest time until another data centre can see a put, in milliseconds. */
  readonly maxLagMs: number;
  readonly faults: KVFaults;
}

export const NO_KV_FAULTS: KVFaults = { kvRead: 0, kvPut: 0, kvLost: 0, kvTorn: 0 };

type KVBinding = KVAdapterOptions['kv'];

interface Version {
  readonly value: string | null;
  readonly expiresMs: number;
  /** By data centre: from when on it can be read there. */
  readonly visibleMs: readonly number[];
}

interface Copy {
  readonly value: string | null;
  readonly untilMs: number;
}

const TOO_MANY = 'KV PUT failed: 429 Too Many Requests';

/**
 * Workers KV as far as it is documented: a put is seen at once where it was made, mostly, and elsewhere after a while; data centres
 * keep copies, of absences too; a key takes one put a second; keys expire.
 *
 * @see https://developers.cloudflare.com/kv/concepts/how-kv-works/
 */
export class KV {
  readonly counts: Record<
    'lost' | 'late' | 'refused' | 'tooMany' | 'torn' | 'hung' | 'failed',
    number
  > = { lost: 0, late: 0, refused: 0, tooMany: 0, torn: 0, hung: 0, failed: 0 };
  /** From then on an older value may have overwritten a newer one, or a value is missing: what KV promises others no longer holds. */
  brokenMs: number = Number.POSITIVE_INFINITY;
  #faults: KVFaults;
  readonly #versions = new Map<string, Version[]>();
  readonly #copies = new Map<string, Copy>();
  readonly #lastPutMs = new Map<string, number>();
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #settings: KVSettings;

  constructor(scheduler: Scheduler, random: Random, settings: KVSettings) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#settings = settings;
    this.#faults = settings.faults;
  }

  /** The binding as one request has it; clients of one isolate find each other by `identity`. */
  binding(request: Request): KVBinding {
    return {
      get: (keys) => this.#get(request, keys),
      put: (key, value, { expirationTtl }) => this.#put(request, key, value, expirationTtl),
      delete: (key) => this.#put(request, key, null, 60),
      list: () => Promise.reject(new Error('The simulated KV lists nothing.')),
    };
  }

  /** From now on nothing goes wrong. */
  heal(): void {
    this.#faults = NO_KV_FAULTS;
  }

  #get(request: Request, keys: readonly string[]): Promise<Map<string, string | null>> {
    const random = this.#random;
    const { colo } = request.isolate;
    const read = (): Map<string, string | null> =>
      new Map(keys.map((key) => [key, this.#torn(this.#read(key, colo))]));
    const toMs = random.int(1, 15);
    if (!random.chance(this.#faults.kvRead)) return request.call(toMs, read, random.int(1, 15));
    const kind = random.pick(['failed', 'hung', 'slow']);
    if (kind === 'slow') return request.call(toMs, read, random.int(100, 6_000));
    if (kind === 'hung') {
      this.counts.hung += 1;
      return request.hang(toMs, () => undefined);
    }
    this.counts.failed += 1;
    return request.call(toMs, () => fail('KV GET failed: 500'), random.int(1, 15));
  }

  #put(request: Request, key: string, value: string | null, ttlSeconds: number): Promise<void> {
    const random = this.#random;
    const { colo } = request.isolate;
    const write = (): void => this.#write(key, value, ttlSeconds, colo);
    const checked = (): void => {
      if (this.#isTooSoon(key)) fail(TOO_MANY);
      write();
    };
    const toMs = random.int(1, 30);
    if (random.chance(this.#faults.kvLost)) {
      this.counts.lost += 1;
      this.brokenMs = Math.min(this.brokenMs, this.#scheduler.nowMs);
      return request.call(toMs, () => undefined, 5);
    }
    if (!random.chance(this.#faults.kvPut)) {
      return request.call(toMs, checked, random.int(1, random.pick([30, 30, 1_500])));
    }
    switch (random.pick(['refused', 'done', 'late', 'hung'])) {
      case 'refused':
        this.counts.refused += 1;
        return request.call(toMs, () => fail('KV PUT failed: 503'), 5);
      case 'done':
        this.counts.refused += 1;
        return request.call(
          toMs,
          () => {
            write();
            return fail('KV PUT failed: 500');
          },
          5,
        );
      case 'late':
        this.counts.late += 1;
        return request.call(random.int(1_000, 12_000), write, random.int(1, 2_000));
      default:
        this.counts.hung += 1;
        return request.hang(random.int(1, 12_000), () => {
          // Acknowledged to nobody: what it overwrites is not put right.
          this.brokenMs = Math.min(this.brokenMs, this.#scheduler.nowMs);
          write();
        });
    }
  }

  #isTooSoon(key: string): boolean {
    const isTooSoon = (this.#lastPutMs.get(key) ?? 0) + 1_000 > this.#scheduler.nowMs;
    if (isTooSoon) this.counts.tooMany += 1;
    return isTooSoon;
  }

  #write(key: string, value: string | null, ttlSeconds: number, colo: number): void {
    const random = this.#random;
    const { nowMs } = this.#scheduler;
    const { colos, maxLagMs, coloCacheMs } = this.#settings;
    this.#lastPutMs.set(key, nowMs);
    const visibleMs = Array.from({ length: colos }, (_, where) => {
      const isHere = where === colo && random.chance(0.9);
      return (
        nowMs +
        (isHere
          ? 0
          : random.chance(0.8)
            ? Math.min(random.int(0, 500), maxLagMs)
            : random.int(0, maxLagMs))
      );
    });
    const versions = this.#versions.get(key) ?? [];
    versions.push({ value, visibleMs, expiresMs: nowMs + ttlSeconds * 1_000 });
    this.#versions.set(key, versions);
    if (visibleMs[colo] === nowMs) {
      this.#copies.set(`${String(colo)} ${key}`, { value, untilMs: nowMs + coloCacheMs });
    }
  }

  #read(key: string, colo: number): string | null {
    const { nowMs } = this.#scheduler;
    const name = `${String(colo)} ${key}`;
    const copy = this.#copies.get(name);
    if (copy !== undefined && copy.untilMs > nowMs) return copy.value;
    const seen = (this.#versions.get(key) ?? []).filter(
      ({ visibleMs }) => (visibleMs[colo] ?? 0) <= nowMs,
    );
    const last = seen.at(-1);
    const value = last === undefined || last.expiresMs <= nowMs ? null : last.value;
    this.#copies.set(name, { value, untilMs: nowMs + this.#settings.coloCacheMs });
    return value;
  }

  #torn(value: string | null): string | null {
    if (value === null || !this.#random.chance(this.#faults.kvTorn)) return value;
    this.counts.torn += 1;
    const at = this.#random.int(0, value.length - 1);
    if (this.#random.chance(0.5)) return value.slice(0, at);
    const flipped = String.fromCharCode(value.charCodeAt(at) ^ (1 << this.#random.int(0, 5)));
    return value.slice(0, at) + flipped + value.slice(at + 1);
  }
}

function fail(message: string): never {
  throw new Error(message);
}

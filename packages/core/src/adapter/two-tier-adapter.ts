import { expiryOf } from '../codec/entry.js';
import { BoostError } from '../error.js';
import type { Clock } from '../ports.js';
import type {
  AdapterCapabilities,
  CacheAdapter,
  CacheTier,
  CallOptions,
  DeleteManyOptions,
  DeleteManyResult,
  ListOptions,
  ListResult,
  ReadOptions,
  WriteOptions,
} from './adapter.js';
import { exceedsUtf8 } from './limits.js';

export interface TwoTierAdapterOptions {
  readonly clock: Clock;
  /** The near store. It only ever holds entries, never epochs. */
  readonly l1: CacheAdapter;
  /** The store behind it, and the only one that epochs are written to and read from. It may be of two tiers itself. */
  readonly l2: CacheAdapter;
  /**
   * Share of the time to live in L2 that a value has in L1: above 0, at most 1.
   *
   * @defaultValue 0.1
   */
  readonly l1TTLRatio?: number;
  /**
   * Whether an entry found in L2 is copied to L1.
   *
   * @defaultValue true
   */
  readonly promoteOnGet?: boolean;
}

const DEFAULT_L1_TTL_RATIO = 0.1;

/**
 * A near store in front of a far one. Epochs pass the near one by, so that a copy there is never taken for current longer than the
 * original would be. Values are the same text in both; what does not say when it expires is not promoted.
 *
 * @throws BoostError `BOOST_OPTION_INVALID` when a tier is missing, or `l1TTLRatio` is out of range
 */
export function createTwoTierAdapter(options: TwoTierAdapterOptions): CacheAdapter {
  for (const tier of ['l1', 'l2'] as const) {
    if (typeof options[tier]?.getMany === 'function') continue;
    throw invalid(tier, `createTwoTierAdapter needs ${tier}: an adapter`);
  }
  const ratio = options.l1TTLRatio ?? DEFAULT_L1_TTL_RATIO;
  if (!(ratio > 0 && ratio <= 1)) {
    throw invalid('l1TTLRatio', `l1TTLRatio is ${ratio}; give a number above 0, at most 1`);
  }
  return new TwoTierAdapter(options, ratio);
}

function invalid(option: string, message: string): BoostError {
  return new BoostError('BOOST_OPTION_INVALID', message, { details: { option } });
}

/** From near to far. */
const TIERS: readonly CacheTier[] = ['memory', 'l1', 'l2'];

class TwoTierAdapter implements CacheAdapter {
  readonly name: string;
  readonly capabilities: AdapterCapabilities;
  readonly identity: object;
  readonly operationTimeout?: number;
  readonly #l1: CacheAdapter;
  readonly #l2: CacheAdapter;
  readonly #clock: Clock;
  readonly #ratio: number;
  readonly #promotes: boolean;

  constructor(options: TwoTierAdapterOptions, ratio: number) {
    const { l1, l2, clock, promoteOnGet = true } = options;
    const [near, far] = [l1.capabilities, l2.capabilities];
    this.name = `${l1.name}+${l2.name}`;
    this.capabilities = {
      ...far,
      maxKeyBytes: Math.min(near.maxKeyBytes, far.maxKeyBytes),
      // Another place's L1 keeps an older value for a while, however exact L2 is.
      consistency: 'eventual',
      // What only L1 shows to others is seen from as far as L1 is.
      tier: TIERS.indexOf(near.tier) > TIERS.indexOf(far.tier) ? near.tier : far.tier,
    };
    this.identity = l2.identity ?? l2;
    if (l2.operationTimeout !== undefined) this.operationTimeout = l2.operationTimeout;
    this.#l1 = l1;
    this.#l2 = l2;
    this.#clock = clock;
    this.#ratio = ratio;
    this.#promotes = promoteOnGet;
  }

  async get(key: string, options?: ReadOptions): Promise<string | null> {
    return (await this.getMany([key], options)).get(key) ?? null;
  }

  getNow(key: string): string | undefined {
    return this.#l1.getNow?.(key) ?? undefined;
  }

  async getMany(
    keys: readonly string[],
    options: ReadOptions = {},
  ): Promise<Map<string, string | null>> {
    const authoritative = new Set(options.authoritative);
    const near = keys.filter((key) => !authoritative.has(key));
    const values = new Map(await this.#near(near, options));
    note(options.answeredBy, values, this.#l1);
    const missing = keys.filter((key) => (values.get(key) ?? null) === null);
    if (missing.length === 0) return values;
    const far = await this.#l2.getMany(missing, options);
    note(options.answeredBy, far, this.#l2);
    for (const [key, value] of far) values.set(key, value);
    if (!this.#promotes) return values;
    const promotion = Promise.all(
      near.map((key) => this.#promote(key, far.get(key) ?? null, options)),
    );
    if (options.waitUntil === undefined) await promotion;
    else options.waitUntil(promotion);
    return values;
  }

  async set(key: string, value: string, options: WriteOptions): Promise<void> {
    await this.#l2.set(key, value, options);
    if (options.authoritative !== true) {
      await this.#setNear(key, value, options.ttlSeconds, options);
    }
  }

  async delete(key: string, options?: CallOptions): Promise<void> {
    await settled([this.#l2.delete(key, options), this.#l1.delete(key, options)]);
  }

  async deleteMany(
    keys: readonly string[],
    options?: DeleteManyOptions,
  ): Promise<DeleteManyResult> {
    const [far, near] = await settled([
      this.#l2.deleteMany(keys, options),
      this.#l1.deleteMany(keys, options),
    ]);
    const failed = new Map([...near.failed, ...far.failed]);
    return { deleted: new Set(keys).size - failed.size, failed };
  }

  list(prefix: string, options?: ListOptions): Promise<ListResult> {
    return this.#l2.list(prefix, options);
  }

  /** What L1 has; nothing where it fails and somebody is told. */
  async #near(
    keys: readonly string[],
    options: ReadOptions,
  ): Promise<ReadonlyMap<string, string | null>> {
    if (keys.length === 0) return new Map();
    try {
      return await this.#l1.getMany(keys, options);
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      tell(options, error, 'get');
      return new Map();
    }
  }

  /** Copies what says how long it is good for. */
  async #promote(key: string, value: string | null, options: CallOptions): Promise<void> {
    const expiresAtMs = value === null ? null : expiryOf(value);
    if (value === null || expiresAtMs === null) return;
    const leftSeconds = Math.floor((expiresAtMs - this.#clock.now()) / 1_000);
    await this.#setNear(key, value, leftSeconds, options);
  }

  /**
   * Not with the signal of the call: the value is there already, and its caller may have its answer.
   *
   * @param leftSeconds - what the value has left in L2: L1 never keeps it longer
   */
  async #setNear(
    key: string,
    value: string,
    leftSeconds: number,
    { onTierError }: CallOptions,
  ): Promise<void> {
    const { maxValueBytes, minTtlSeconds } = this.#l1.capabilities;
    const ttlSeconds = Math.max(1, minTtlSeconds, Math.floor(leftSeconds * this.#ratio));
    if (ttlSeconds > leftSeconds || exceedsUtf8(value, maxValueBytes)) return;
    const told = onTierError === undefined ? {} : { onTierError };
    try {
      await this.#l1.set(key, value, { ttlSeconds, ...told });
    } catch (error) {
      tell(told, error, 'set');
    }
  }
}

/** The tier of what was found, unless a composition inside has told already. */
function note(
  answeredBy: Map<string, CacheTier> | undefined,
  values: ReadonlyMap<string, string | null>,
  { capabilities }: CacheAdapter,
): void {
  if (answeredBy === undefined) return;
  for (const [key, value] of values) {
    if (value !== null && !answeredBy.has(key)) answeredBy.set(key, capabilities.tier);
  }
}

/** @throws the error where nobody wants to be told */
function tell({ onTierError }: CallOptions, error: unknown, operation: 'get' | 'set'): void {
  if (onTierError === undefined) throw error;
  onTierError(error, operation);
}

/** All of them, each having ended one way or the other. */
async function settled<Result>(
  calls: readonly [Promise<Result>, Promise<Result>],
): Promise<[Result, Result]> {
  await Promise.allSettled(calls);
  return Promise.all(calls);
}

/**
 * Everything that Boost itself can report, by literal code.
 *
 * Add a code here with one line that says when it is raised; never reuse one.
 */
export type BoostErrorCode =
  /** An option of `createCacheExtension` or of an adapter is missing, of the wrong type or out of range. */
  | 'BOOST_OPTION_INVALID'
  /** The generated `cacheConfig` is not one, or its format is newer or older than this version reads. */
  | 'BOOST_CONFIG_INVALID'
  /** A model name that the generated `cacheConfig` does not have. */
  | 'BOOST_MODEL_UNKNOWN'
  /** A `cacheStrategy` that cannot be: negative seconds, too many or ill-formed tags. */
  | 'BOOST_STRATEGY_INVALID'
  /** A tenant or user id that is reserved, empty, ill-formed UTF-16 or too long. */
  | 'BOOST_TENANT_INVALID'
  | 'BOOST_TENANT_RESERVED'
  /** A store did not answer, or refused: the engine falls back and tells `onError`. */
  | 'BOOST_STORE_FAILED'
  | 'BOOST_STORE_TIMEOUT'
  /** The store refused because of its rate limit (HTTP 429); `details.retryAfterMs` when it said so. */
  | 'BOOST_STORE_RATE_LIMITED'
  /** The store failed so often that it is not asked for a while. */
  | 'BOOST_STORE_CIRCUIT_OPEN'
  /** A key, value or TTL outside of what the store takes. */
  | 'BOOST_STORE_LIMIT'
  /** What was read is not an entry of this format, or does not belong to the key: treated as a miss. */
  | 'BOOST_ENTRY_DAMAGED'
  /** A bump could not be made durable within the time the platform allows: readers elsewhere may see old values until their TTL. */
  | 'BOOST_BUMP_FAILED'
  /** A write could not be fenced although `strong` readers exist; the database was not touched. */
  | 'BOOST_WRITE_UNFENCED'
  /** The coordinator did not answer: reads ask the database, and whether a write may go on is a matter of `allowUnfenced`. */
  | 'BOOST_COORDINATOR_FAILED'
  /** The value cannot be part of a key (ill-formed UTF-16, a function, a cycle): the read is not cached. */
  | 'BOOST_VALUE_UNSUPPORTED'
  /** A file of the project that the command line cannot read, or that changed while it was about to be written. */
  | 'BOOST_PROJECT_INVALID'
  /** Analytics Engine's SQL API could not be reached, refused, or answered with something else than a table. */
  | 'BOOST_ANALYTICS_FAILED'
  /** This version of Prisma does not show what Boost must see to be correct. */
  | 'BOOST_PRISMA_UNSUPPORTED';

export interface BoostErrorOptions {
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
}

const BRAND = Symbol.for('boost.error');

/**
 * The one error type of every Boost package. Told apart by `code`, recognised by `isBoostError` even where two copies of a
 * package are loaded. The message says what failed, the value with its unit, and what to do; never a cached value or a token.
 */
export class BoostError extends Error {
  override readonly name: string = 'BoostError';
  readonly code: BoostErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: BoostErrorCode, message: string, options: BoostErrorOptions = {}) {
    super(
      `${message} [${code}]`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Whether `error` is a `BoostError` of any copy of this package, of the given code when one is given. */
export function isBoostError(error: unknown, code?: BoostErrorCode): error is BoostError {
  if (typeof error !== 'object' || error === null || !(BRAND in error)) return false;
  return code === undefined || (error as unknown as BoostError).code === code;
}

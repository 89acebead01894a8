import { BoostError, type BoostErrorCode } from '@boost/core';

/** Of Cloudflare's envelope. */
export interface ApiMessage {
  readonly code: number;
  readonly message: string;
}

/** One attempt that failed, with what the retries and the circuit breaker have to know of it. */
export class ApiFailure extends Error {
  override readonly name: string = 'ApiFailure';
  readonly error: BoostError;
  /** Whether the same request may succeed later. */
  readonly isTransient: boolean;
  /** Whether it tells that the API as a whole is out of order, rather than that it refused this request. */
  readonly isOutage: boolean;
  /** Least milliseconds to wait, where the API said so. */
  readonly retryAfterMs: number | undefined;

  constructor(
    error: BoostError,
    tells: {
      readonly isTransient: boolean;
      readonly isOutage: boolean;
      readonly retryAfterMs?: number | undefined;
    },
  ) {
    super(error.message);
    this.error = error;
    this.isTransient = tells.isTransient;
    this.isOutage = tells.isOutage;
    this.retryAfterMs = tells.retryAfterMs;
  }
}

const MAX_MESSAGE_LENGTH = 200;
const MAX_MESSAGES = 5;
const TOO_LARGE: readonly number[] = [413, 414];

/** What the API answered instead of a result. */
export function refusal(
  operation: string,
  response: Pick<Response, 'status' | 'headers'>,
  messages: readonly ApiMessage[],
  nowMs: number,
): ApiFailure {
  const { status, headers } = response;
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), nowMs);
  const ray = headers.get('cf-ray');
  const errors = messages.slice(0, MAX_MESSAGES);
  const said = errors.map(({ code, message }) => `${code} ${message}`).join('; ');
  const error = new BoostError(
    codeOf(status),
    `Cloudflare's API refused to ${operation}: HTTP ${status}${said === '' ? '' : ` (${said})`}. ${adviceOn(status)}`,
    {
      details: {
        store: 'remote',
        operation,
        status,
        errors,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(ray === null ? {} : { ray }),
      },
    },
  );
  const isServerFault = status >= 500 || status === 408;
  return new ApiFailure(error, {
    isTransient: isServerFault || status === 429,
    isOutage: isServerFault || status === 401 || status === 403 || status === 404,
    retryAfterMs,
  });
}

/** No answer, or none that can be read. */
export function unanswered(operation: string, what: string, cause?: Error): ApiFailure {
  const error = new BoostError(
    'BOOST_STORE_FAILED',
    `Cloudflare's API did not ${operation}: ${what}`,
    { details: { store: 'remote', operation }, ...(cause === undefined ? {} : { cause }) },
  );
  return new ApiFailure(error, { isTransient: true, isOutage: true });
}

/** The messages of an envelope, short, and without the token should they repeat it. */
export function messagesOf(errors: unknown, redact: (text: string) => string): ApiMessage[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((entry: unknown) => {
    const { code, message } = (entry ?? {}) as { code?: unknown; message?: unknown };
    if (typeof code !== 'number' || typeof message !== 'string') return [];
    return [{ code, message: redact(message).slice(0, MAX_MESSAGE_LENGTH) }];
  });
}

/**
 * Milliseconds of a `retry-after` header: seconds, or a date.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}

function codeOf(status: number): BoostErrorCode {
  if (status === 429) return 'BOOST_STORE_RATE_LIMITED';
  return TOO_LARGE.includes(status) ? 'BOOST_STORE_LIMIT' : 'BOOST_STORE_FAILED';
}

function adviceOn(status: number): string {
  if (status === 429)
    return 'It takes one write a second for each key, and 1,200 requests in five minutes';
  if (status === 401 || status === 403) {
    return 'Check that the token is valid and has the permission "Workers KV Storage: Edit" for this account';
  }
  if (status === 404) return 'Check accountId and namespaceId';
  if (TOO_LARGE.includes(status)) return 'The key, the value or the whole request is too large';
  return status >= 500 ? 'It may work later' : 'See details.errors';
}

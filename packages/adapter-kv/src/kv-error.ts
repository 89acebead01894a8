import { BoostError, type BoostErrorCode } from '@boost/core';

/** KV says so in the message alone: the binding's errors have no status. */
const TOO_MANY_REQUESTS = /\b429\b|too many requests/i;
const RETRY_AFTER = /retry[- ]after:?\s*(\d+)/i;

/** What KV threw, with a code to act on. */
export function kvError(operation: string, cause: unknown): BoostError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!TOO_MANY_REQUESTS.test(message)) {
    return error(
      'BOOST_STORE_FAILED',
      `Workers KV failed to ${operation}; see the cause`,
      operation,
      cause,
    );
  }
  const seconds = RETRY_AFTER.exec(message)?.[1];
  const advice = 'it takes one write a second for each key';
  return error(
    'BOOST_STORE_RATE_LIMITED',
    `Workers KV refused to ${operation}: ${advice}`,
    operation,
    cause,
    {
      ...(seconds === undefined ? {} : { retryAfterMs: Number(seconds) * 1_000 }),
    },
  );
}

function error(
  code: BoostErrorCode,
  message: string,
  operation: string,
  cause: unknown,
  details: Readonly<Record<string, unknown>> = {},
): BoostError {
  return new BoostError(code, message, { cause, details: { store: 'kv', operation, ...details } });
}

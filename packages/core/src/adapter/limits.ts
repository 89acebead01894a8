import { BoostError, isBoostError } from '../error.js';
import type { AdapterCapabilities, CallOptions } from './adapter.js';

const encoder = new TextEncoder();

/** Length of the text in bytes of UTF-8. */
export function utf8Length(text: string): number {
  return encoder.encode(text).length;
}

/** Whether the text is longer than `maxBytes` of UTF-8; encodes it only where its length does not tell. */
export function exceedsUtf8(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return true;
  // One UTF-16 unit takes at most three bytes of UTF-8.
  return text.length * 3 > maxBytes && utf8Length(text) > maxBytes;
}

/** @throws BoostError `BOOST_STORE_LIMIT` when the store cannot take the key */
export function assertKey(store: string, capabilities: AdapterCapabilities, key: string): void {
  if (key !== '' && !exceedsUtf8(key, capabilities.maxKeyBytes)) return;
  throw new BoostError(
    'BOOST_STORE_LIMIT',
    `A key of ${utf8Length(key)} bytes is outside of what the ${store} store takes: 1 to ${capabilities.maxKeyBytes} bytes. Use a shorter prefix`,
    { details: { store, keyBytes: utf8Length(key) } },
  );
}

/** @throws BoostError `BOOST_STORE_LIMIT` when the store cannot take the value or keep it for so short a time */
export function assertEntry(
  store: string,
  capabilities: AdapterCapabilities,
  value: string,
  ttlSeconds: number,
): void {
  if (exceedsUtf8(value, capabilities.maxValueBytes)) {
    throw new BoostError(
      'BOOST_STORE_LIMIT',
      `A value of ${utf8Length(value)} bytes is more than the ${store} store takes: ${capabilities.maxValueBytes} bytes`,
      { details: { store, valueBytes: utf8Length(value) } },
    );
  }
  if (!(ttlSeconds >= Math.max(capabilities.minTtlSeconds, 1)) || !Number.isInteger(ttlSeconds)) {
    throw new BoostError(
      'BOOST_STORE_LIMIT',
      `A time to live of ${ttlSeconds} s is not one that the ${store} store takes: whole seconds, at least ${Math.max(capabilities.minTtlSeconds, 1)}`,
      { details: { store, ttlSeconds } },
    );
  }
}

/** @throws BoostError the signal's reason where it is one, else `BOOST_STORE_TIMEOUT`, when the call was aborted */
export function assertNotAborted(store: string, { signal }: CallOptions): void {
  if (signal?.aborted !== true) return;
  const reason: unknown = signal.reason;
  if (isBoostError(reason)) throw reason;
  throw new BoostError('BOOST_STORE_TIMEOUT', `The call to the ${store} store was aborted`, {
    cause: reason,
    details: { store },
  });
}

/** @throws BoostError `BOOST_OPTION_INVALID` when no list can be of so many keys */
export function assertListLimit(limit: number): void {
  if (Number.isInteger(limit) && limit > 0) return;
  throw new BoostError(
    'BOOST_OPTION_INVALID',
    `The limit of a list is ${limit}; give a whole number, at least 1`,
    { details: { option: 'limit' } },
  );
}

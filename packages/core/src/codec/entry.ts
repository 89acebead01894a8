import type { ReadTimes, Stamp } from '../epoch/authority.js';
import { STORE_FORMAT } from '../key/key.js';
import { reviveShaped, shapeOf, writeShaped, type Shape } from './shape.js';

/** A cached result with the proof of its freshness. */
export interface EntryHead {
  /** What the entry answers: repeated from the key and checked when it is read. */
  readonly digest: string;
  readonly stamp: Stamp;
  readonly times: ReadTimes;
  /** Until then (milliseconds since 1970) the entry is fresh unless a write made it wrong. */
  readonly freshUntilMs: number;
  /** Until then it may be served while it is revalidated; at least `freshUntilMs`. */
  readonly staleUntilMs: number;
}

export interface Entry extends EntryHead {
  /** The result, made anew for every caller. `makeDecimal` builds the client's own Decimal. */
  result(makeDecimal: (text: string) => unknown): unknown;
  /** Whether the result holds Decimals, so that reading it needs `makeDecimal`. */
  readonly hasDecimal: boolean;
}

/** A result as text, which shares nothing with the result it was made from: the caller may change that at once. */
export interface EncodedResult {
  readonly text: string;
  readonly shape: Shape;
}

/** @throws BoostError `BOOST_VALUE_UNSUPPORTED` */
export function encodeResult(result: unknown): EncodedResult {
  const shape = shapeOf(result);
  return { text: writeShaped(result, shape), shape };
}

/** The result, made anew. */
export function decodeResult(
  { text, shape }: EncodedResult,
  makeDecimal: (text: string) => unknown,
): unknown {
  return reviveShaped(JSON.parse(text), shape, makeDecimal);
}

/**
 * The text of an entry: format and checksum, head, result. A text that was cut, altered in a bit or written by another format
 * is not an entry.
 */
export function sealEntry(head: EntryHead, { text, shape }: EncodedResult): string {
  const { digest, stamp, times, freshUntilMs, staleUntilMs } = head;
  const fields = [digest, stamp, times.startMs, times.endMs, freshUntilMs, staleUntilMs, shape];
  const body = `${JSON.stringify(fields)}\n${text}`;
  return `${STORE_FORMAT}${checksum(body)}${body}`;
}

/**
 * `encodeResult` and `sealEntry` in one.
 *
 * @throws BoostError `BOOST_VALUE_UNSUPPORTED`
 */
export function encodeEntry(head: EntryHead, result: unknown): string {
  return sealEntry(head, encodeResult(result));
}

const HEAD_LENGTH = STORE_FORMAT.length + 16;

/** The entry in a stored text; null when it is not one, damaged, or another read's. */
export function decodeEntry(text: string, digest: string): Entry | null {
  if (!text.startsWith(STORE_FORMAT)) return null;
  const body = text.slice(HEAD_LENGTH);
  if (checksum(body) !== text.slice(STORE_FORMAT.length, HEAD_LENGTH)) return null;
  const end = body.indexOf('\n');
  const fields = JSON.parse(body.slice(0, end)) as [
    string,
    Stamp,
    number,
    number,
    number,
    number,
    Shape,
  ];
  const [owner, stamp, startMs, endMs, freshUntilMs, staleUntilMs, shape] = fields;
  if (owner !== digest) return null;
  return {
    digest,
    stamp,
    times: { startMs, endMs },
    freshUntilMs,
    staleUntilMs,
    hasDecimal: JSON.stringify(shape).includes('"c"') || JSON.stringify(shape).includes('"x"'),
    result: (makeDecimal) => reviveShaped(JSON.parse(body.slice(end + 1)), shape, makeDecimal),
  };
}

/**
 * Two lanes of FNV-1a's scheme over UTF-16 units, 64 bits in hex. Each step maps the state one to one, so a change of a single
 * unit always shows; it is no protection against someone who wants to forge an entry.
 */
function checksum(text: string): string {
  let even = 0x811c9dc5 ^ text.length;
  let odd = 0x01000193;
  const last = text.length - 1;
  for (let index = 0; index < last; index += 2) {
    even = Math.imul(even ^ text.charCodeAt(index), 0x01000193);
    odd = Math.imul(odd ^ text.charCodeAt(index + 1), 0x85ebca6b);
  }
  if (text.length % 2 === 1) even = Math.imul(even ^ text.charCodeAt(last), 0x01000193);
  const hex = (lane: number): string => (lane >>> 0).toString(16).padStart(8, '0');
  return hex(even) + hex(odd);
}

/** Bytes of a text in UTF-8, counted without encoding it. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

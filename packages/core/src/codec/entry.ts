import type { ReadTimes, Stamp } from '../epoch/authority.js';
import { STORE_FORMAT, type EntryKey } from '../key/key.js';
import type { Scope } from '../scope/scope.js';
import { checksum } from './checksum.js';
import { EncodedResult } from './encoded-result.js';
import type { MakeDecimal } from './revive.js';
import type { Shape } from './shape.js';

/** Which read an entry answers: repeated in the entry, and checked when it is read. */
export type EntryOwner = Pick<EntryKey, 'digest' | 'tenant'>;

/** What an entry says of its result. */
export interface EntryHead extends EntryOwner {
  /** Proof of freshness, for the authority that made it. */
  readonly stamp: Stamp;
  /** When the database was read. */
  readonly times: ReadTimes;
  /** Until then, in milliseconds since 1970, the entry is fresh unless a write made it wrong. */
  readonly freshUntilMs: number;
  /** Until then it may be served while it is revalidated; at least `freshUntilMs`. */
  readonly staleUntilMs: number;
  /** The dependency set, where the stamp does not tell it. */
  readonly scopes?: readonly Scope[];
}

export interface Entry extends EntryHead {
  readonly kind: 'entry';
  /** The result as it is stored. */
  readonly payload: string;
  /**
   * The result as Prisma returned it, a copy of its own for every call.
   *
   * @throws whatever `makeDecimal` throws
   */
  result(makeDecimal: MakeDecimal): unknown;
}

/** Not an entry of this read; a miss. `format`: of another version, or no entry at all. */
export interface NoEntry {
  readonly kind: 'none';
  readonly reason: 'format' | 'damaged' | 'foreign';
}

/** The first line: format, checksum of the rest. The second: the head, as JSON. The third: the result, as JSON. */
const CHECKSUM_AT = STORE_FORMAT.length + 1;
const BODY_AT = CHECKSUM_AT + 16 + 1;

type HeadFields = readonly [
  digest: string,
  tenant: string,
  startMs: number,
  endMs: number,
  freshUntilMs: number,
  staleUntilMs: number,
  stamp: Stamp,
  scopes: readonly Scope[] | null,
  shape: Shape,
];

/** The text of an entry, for the store. */
export function sealEntry(head: EntryHead, result: EncodedResult): string {
  const { digest, tenant, stamp, times, freshUntilMs, staleUntilMs, scopes = null } = head;
  const { startMs, endMs } = times;
  const fields: HeadFields = [
    digest,
    tenant,
    startMs,
    endMs,
    freshUntilMs,
    staleUntilMs,
    stamp,
    scopes,
    result.shape,
  ];
  const body = `${JSON.stringify(fields)}\n${result.payload}`;
  return `${STORE_FORMAT} ${checksum(body)}\n${body}`;
}

/**
 * When an entry in a stored text may disappear, in milliseconds since 1970; null where the text is no undamaged entry of this
 * format.
 */
export function expiryOf(text: string): number | null {
  if (!text.startsWith(`${STORE_FORMAT} `)) return null;
  if (text.slice(CHECKSUM_AT, BODY_AT) !== `${checksum(text, BODY_AT)}\n`) return null;
  const fields = JSON.parse(text.slice(BODY_AT, text.indexOf('\n', BODY_AT))) as HeadFields;
  return fields[5];
}

/** The entry in a stored text. Damage, other formats and other reads' entries are told, not thrown. */
export function decodeEntry(text: string, owner: EntryOwner): Entry | NoEntry {
  if (!text.startsWith(`${STORE_FORMAT} `)) return { kind: 'none', reason: 'format' };
  if (text.slice(CHECKSUM_AT, BODY_AT) !== `${checksum(text, BODY_AT)}\n`) {
    return { kind: 'none', reason: 'damaged' };
  }
  // The checksum holds: this is what `sealEntry` wrote, and JSON has no line ends of its own.
  const headEnd = text.indexOf('\n', BODY_AT);
  const fields = JSON.parse(text.slice(BODY_AT, headEnd)) as HeadFields;
  const [digest, tenant, startMs, endMs, freshUntilMs, staleUntilMs, stamp, scopes, shape] = fields;
  if (digest !== owner.digest || tenant !== owner.tenant)
    return { kind: 'none', reason: 'foreign' };
  const encoded = new EncodedResult(shape, text.slice(headEnd + 1));
  return {
    kind: 'entry',
    payload: encoded.payload,
    digest,
    tenant,
    stamp,
    times: { startMs, endMs },
    freshUntilMs,
    staleUntilMs,
    ...(scopes === null ? {} : { scopes }),
    result: (makeDecimal) => encoded.decode(makeDecimal),
  };
}

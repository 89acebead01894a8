import { checksum } from '../codec/checksum.js';
import { randomText, type Clock, type Random } from '../ports.js';

/** One bump: a text that no other bump has, and when it was made. */
export interface Nonce {
  /** What is stored; equality of epochs is equality of this text. */
  readonly text: string;
  /** Milliseconds of the bumping isolate's clock, read after the database had committed. */
  readonly timeMs: number;
}

/** 20 characters of 5 bits: no two bumps of one scope ever get the same. */
const RANDOM_LENGTH = 20;
const NONCE = /^(n1\.([0-9a-z]{1,11})\.[0-9a-v]{20})\.([0-9a-z]{1,7})$/;

/** A nonce for one attempt to bump. Every further attempt takes a new one. */
export function freshNonce(clock: Clock, random: Random): Nonce {
  const timeMs = Math.floor(clock.now());
  const body = `n1.${timeMs.toString(36)}.${randomText(random, RANDOM_LENGTH)}`;
  return { text: `${body}.${check(body)}`, timeMs };
}

/** The nonce in a stored text; null when the text is none, or damaged: an epoch that cannot be read. */
export function parseNonce(text: string): Nonce | null {
  const [, body, time = '', sum] = NONCE.exec(text) ?? [];
  // With another time a new bump could pass for one that came before what an entry captured.
  if (body === undefined || sum !== check(body)) return null;
  return { text, timeMs: Number.parseInt(time, 36) };
}

/** The two lanes of a checksum in one: a change of a single character always shows. */
function check(body: string): string {
  const lanes = checksum(body);
  const folded = Number.parseInt(lanes.slice(0, 8), 16) ^ Number.parseInt(lanes.slice(8), 16);
  return (folded >>> 0).toString(36);
}

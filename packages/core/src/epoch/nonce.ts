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
const NONCE = /^n1\.([0-9a-z]{1,11})\.[0-9a-v]{20}$/;

/** A nonce for one attempt to bump. Every further attempt takes a new one. */
export function freshNonce(clock: Clock, random: Random): Nonce {
  const timeMs = Math.floor(clock.now());
  const text = `n1.${timeMs.toString(36)}.${randomText(random, RANDOM_LENGTH)}`;
  return { text, timeMs };
}

/** The nonce in a stored text; null when the text is none: an epoch that cannot be read. */
export function parseNonce(text: string): Nonce | null {
  const time = NONCE.exec(text)?.[1];
  return time === undefined ? null : { text, timeMs: Number.parseInt(time, 36) };
}

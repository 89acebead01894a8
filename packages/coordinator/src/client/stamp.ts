import type { LogPosition, ScopeHash, ScopeHashes, Stamp } from '@boost/core';

/** What an entry says of one log. */
export interface StampPart extends LogPosition {
  /** Name of the object. */
  readonly name: string;
  /** A number given out after the database had been read: whoever got the answer has seen no later write than those before it. */
  readonly readBy: number;
}

export interface CoordinatorStamp {
  readonly parts: readonly StampPart[];
  /** The dependency set. */
  readonly hashes: ScopeHashes;
  /** The same, as one text. */
  readonly text: string;
}

/** First element: kind and version. */
const FORMAT = 'c1';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES: ReadonlyMap<string, number> = new Map(
  Array.from(ALPHABET, (char, value) => [char, value]),
);
/** 53 bits at 6 bits a character. */
const CHARACTERS = 9;

const parsed = new WeakMap<Stamp, CoordinatorStamp | null>();

export function formatStamp(parts: readonly StampPart[], hashes: ScopeHashes): Stamp {
  let text = '';
  for (const hash of hashes) text += formatHash(hash);
  const flat = parts.map(({ name, incarnation, seq, readBy }) => [name, incarnation, seq, readBy]);
  return [FORMAT, text, ...flat];
}

/** Null for what is not a stamp of this format. */
export function parseStamp(stamp: Stamp): CoordinatorStamp | null {
  let known = parsed.get(stamp);
  if (known === undefined) {
    known = parse(stamp);
    parsed.set(stamp, known);
  }
  return known;
}

function parse([format, text, ...flat]: Stamp): CoordinatorStamp | null {
  if (format !== FORMAT || typeof text !== 'string') return null;
  const hashes = parseHashes(text);
  const parts = flat.map(parsePart);
  if (hashes === null || !parts.every((part) => part !== null)) return null;
  return { parts, hashes, text };
}

function parsePart(part: unknown): StampPart | null {
  if (!Array.isArray(part)) return null;
  const [name, incarnation, seq, readBy] = part as readonly unknown[];
  if (typeof name !== 'string' || typeof incarnation !== 'string') return null;
  if (typeof seq !== 'number' || typeof readBy !== 'number') return null;
  return { name, incarnation, seq, readBy };
}

function formatHash(hash: ScopeHash): string {
  let text = '';
  let rest = hash;
  for (let index = 0; index < CHARACTERS; index++) {
    text += ALPHABET.charAt(rest % 64);
    rest = Math.floor(rest / 64);
  }
  return text;
}

function parseHashes(text: string): ScopeHashes | null {
  if (text.length % CHARACTERS !== 0) return null;
  const hashes = new Float64Array(text.length / CHARACTERS);
  for (let start = 0, index = 0; start < text.length; start += CHARACTERS, index++) {
    let hash = 0;
    for (let at = start + CHARACTERS - 1; at >= start; at--) {
      const value = VALUES.get(text.charAt(at));
      if (value === undefined) return null;
      hash = hash * 64 + value;
    }
    hashes[index] = hash;
  }
  return hashes;
}

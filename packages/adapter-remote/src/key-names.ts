import { BoostError, exceedsUtf8, utf8Length } from '@boost/core';
import { MAX_KEY_BYTES } from './limits.js';

/** Names that KV refuses, and that no address can carry. */
const ILLEGAL: ReadonlySet<string> = new Set(['', '.', '..']);

/** Between the keys of a caller and the names in KV, which begin with the namespace. */
export class KeyNames {
  /** '' without a namespace. */
  readonly prefix: string;

  constructor(namespace: string) {
    this.prefix = namespace === '' ? '' : `${namespace}:`;
  }

  /** Longest key without the namespace, in bytes. */
  get maxKeyBytes(): number {
    return MAX_KEY_BYTES - utf8Length(this.prefix);
  }

  /**
   * The name of a key; one that begins with the namespace is a name already.
   *
   * @throws BoostError `BOOST_STORE_LIMIT` when KV could not take it
   */
  nameOf(key: string): string {
    const name = this.isName(key) ? key : `${this.prefix}${key}`;
    const isLegal = key !== this.prefix && !ILLEGAL.has(key) && key.isWellFormed();
    if (isLegal && !exceedsUtf8(name, MAX_KEY_BYTES)) return name;
    const keyBytes = utf8Length(key);
    throw new BoostError(
      'BOOST_STORE_LIMIT',
      `A key of ${keyBytes} bytes is outside of what KV takes: 1 to ${this.maxKeyBytes} bytes of well-formed text, other than "." and ".."`,
      { details: { store: 'remote', keyBytes } },
    );
  }

  /** Whether a key or a prefix has the namespace. */
  isName(text: string): boolean {
    return text.startsWith(this.prefix);
  }
}

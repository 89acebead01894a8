import { Recent } from '../recent.js';
import { decodeEntry, type Entry, type EntryOwner, type NoEntry } from './entry.js';

interface Opened {
  readonly text: string;
  readonly entry: Entry;
}

/**
 * The entries that an isolate has opened lately. A text that comes again, from whatever tier, is not checked and parsed again;
 * from the third time on its result is copied from memory, which takes an eighth of the time.
 */
export class OpenedEntries {
  readonly #opened: Recent<Opened>;

  /** @param maxCharacters - of the texts kept; with their results they take up to some eight times as many bytes of memory */
  constructor(maxCharacters: number) {
    this.#opened = new Recent(maxCharacters / 2);
  }

  /** As `decodeEntry`. Entries that hold the same text share their result's original, which nobody is given. */
  open(storeKey: string, text: string, owner: EntryOwner): Entry | NoEntry {
    const known = this.#opened.get(storeKey);
    if (known?.text === text && isOwner(known.entry, owner)) return known.entry;
    const decoded = decodeEntry(text, owner);
    if (decoded.kind === 'entry') this.#opened.set(storeKey, { text, entry: decoded }, text.length);
    return decoded;
  }
}

function isOwner(entry: Entry, { digest, tenant }: EntryOwner): boolean {
  return entry.digest === digest && entry.tenant === tenant;
}

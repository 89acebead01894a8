import type { Journal, LogHead, LogRow, LogSegment, SavedLog } from '@boost/core';

const HEAD = 'head';
const ROW = 'row:';
const SEGMENT = 'segment:';
/** Keys are listed in the order of their text. */
const DIGITS = 16;

/**
 * A log in the storage of a Durable Object, by the interface that objects with and without SQLite have. Writes are not waited for:
 * the platform stores those of one turn as a whole and holds back every answer until they are stored.
 */
export class StorageJournal implements Journal {
  readonly #storage: DurableObjectStorage;
  readonly #onFailure: (error: unknown) => void;

  /** @param onFailure - a write was refused: the object's memory is ahead of its storage and must not answer any more */
  constructor(storage: DurableObjectStorage, onFailure: (error: unknown) => void) {
    this.#storage = storage;
    this.#onFailure = onFailure;
  }

  /** Undefined when nothing was stored. */
  async load(): Promise<SavedLog | undefined> {
    const head = await this.#storage.get<LogHead>(HEAD);
    if (head === undefined) return undefined;
    const rows = await this.#storage.list<LogRow>({ prefix: ROW });
    const segments = await this.#storage.list<LogSegment>({ prefix: SEGMENT });
    return { head, rows: rows.values(), segments: segments.values() };
  }

  saveHead(head: LogHead): void {
    this.#put(HEAD, head);
  }

  saveRow(row: LogRow): void {
    this.#put(nameOf(ROW, row.key), row);
  }

  removeRow(key: number): void {
    this.#done(this.#storage.delete(nameOf(ROW, key)));
  }

  saveSegment(segment: LogSegment): void {
    this.#put(nameOf(SEGMENT, segment.key), segment);
  }

  removeSegment(key: number): void {
    this.#done(this.#storage.delete(nameOf(SEGMENT, key)));
  }

  #put(key: string, value: unknown): void {
    this.#done(this.#storage.put(key, value));
  }

  #done(write: Promise<unknown>): void {
    write.catch(this.#onFailure);
  }
}

function nameOf(prefix: string, key: number): string {
  return prefix + String(key).padStart(DIGITS, '0');
}

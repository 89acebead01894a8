import type {
  Journal,
  LogHead,
  LogRow,
  LogSegment,
  SavedLog,
} from '../../../src/epoch/log/log-format.js';

/** What a log has stored, for another to begin with. */
export class MemoryJournal implements Journal {
  readonly rows: Map<number, LogRow> = new Map();
  readonly segments: Map<number, LogSegment> = new Map();
  head: LogHead | undefined;
  writes = 0;

  saveHead(head: LogHead): void {
    this.writes += 1;
    this.head = head;
  }

  saveRow(row: LogRow): void {
    this.writes += 1;
    this.rows.set(row.key, row);
  }

  removeRow(key: number): void {
    this.writes += 1;
    this.rows.delete(key);
  }

  saveSegment(segment: LogSegment): void {
    this.writes += 1;
    this.segments.set(segment.key, segment);
  }

  removeSegment(key: number): void {
    this.writes += 1;
    this.segments.delete(key);
  }

  saved(): SavedLog {
    if (this.head === undefined) throw new Error('nothing was stored');
    return structuredClone({
      head: this.head,
      rows: [...this.rows.values()],
      segments: [...this.segments.values()],
    });
  }
}

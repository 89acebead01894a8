import { styleText } from 'node:util';
import Table from 'cli-table3';

/** One call, as the terminal shows it. */
export interface Row {
  readonly operation: string;
  readonly outcome: string;
  readonly source: string;
  /** Inside the worker, from request to response. */
  readonly milliseconds: number;
  readonly scopes: readonly string[];
  readonly note: string;
}

/** What a tour writes on. */
export interface Screen {
  /** Begins a part of the tour. */
  part(title: string, explanation: string): void;
  row(row: Row): void;
  line(text: string): void;
  /** Writes the rows that were held back to be aligned. */
  end(): void;
}

const HEAD = ['operation', 'outcome', 'from', 'ms', 'scopes', 'why'];
const WIDTHS = [34, 9, 9, 5, 34, 30];

const COLOURS: Readonly<Record<string, 'green' | 'yellow' | 'magenta' | 'red'>> = {
  hit: 'green',
  shared: 'green',
  miss: 'yellow',
  write: 'magenta',
  failed: 'red',
};

/** A screen that writes tables, one for each part. */
export function createScreen(write: (text: string) => void): Screen {
  let rows: Row[] = [];

  const flush = (): void => {
    if (rows.length === 0) return;
    const table = new Table({
      head: HEAD,
      colWidths: WIDTHS,
      wordWrap: true,
      style: { head: ['dim'], border: ['dim'], compact: true },
    });
    for (const { operation, outcome, source, milliseconds, scopes, note } of rows) {
      const colour = COLOURS[outcome];
      table.push([
        operation,
        colour === undefined ? outcome : styleText(colour, outcome),
        source,
        { content: milliseconds.toFixed(0), hAlign: 'right' },
        scopes.join(' '),
        note,
      ]);
    }
    write(`${table.toString()}\n`);
    rows = [];
  };

  return {
    part(title, explanation) {
      flush();
      write(`\n${styleText('bold', title)}\n${explanation}\n`);
    },
    row: (row) => rows.push(row),
    line(text) {
      flush();
      write(`${text}\n`);
    },
    end: flush,
  };
}

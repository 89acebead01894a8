import { styleText } from 'node:util';
import Table from 'cli-table3';

/** One call, as the terminal shows it. */
export interface Row {
  readonly operation: string;
  readonly outcome: string;
  readonly source: string;
  /** Inside the worker, from request to response. */
  readonly milliseconds: number;
  /** What a read depends on, or what a write invalidates. */
  readonly scopes: string;
  /** Why it came out as it did, where that has to be said. */
  readonly why: string;
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

const HEAD = ['operation', 'outcome', 'from', 'ms', 'scopes'];
const SCOPES_WIDTH = 47;
const WIDTHS = [32, 8, 8, 5, SCOPES_WIDTH];

const COLOURS: Readonly<Record<string, 'green' | 'yellow' | 'magenta' | 'red'>> = {
  hit: 'green',
  shared: 'green',
  miss: 'yellow',
  write: 'magenta',
  failed: 'red',
  WRONG: 'red',
};

/** Only a line under the head: what matters is what stands in the cells. */
const LINES = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', right: '', 'right-mid': '', middle: ' ', 'mid-mid': ' ' },
};

/** A screen that writes tables, one for each part. */
export function createScreen(write: (text: string) => void): Screen {
  let rows: Row[] = [];

  const flush = (): void => {
    if (rows.length === 0) return;
    const table = new Table({
      head: HEAD.map((name) => styleText('dim', name)),
      colWidths: WIDTHS,
      wordWrap: true,
      chars: LINES,
      style: { head: [], border: [], compact: true, 'padding-left': 0 },
    });
    for (const { operation, outcome, source, milliseconds, scopes, why } of rows) {
      const colour = COLOURS[outcome];
      table.push([
        operation,
        colour === undefined ? outcome : styleText(colour, outcome),
        source,
        { content: milliseconds.toFixed(0), hAlign: 'right' },
        explained(scopes, why),
      ]);
    }
    write(`${table.toString()}\n`);
    rows = [];
  };

  return {
    part(title, explanation) {
      flush();
      write(`\n${styleText('bold', title)}\n${explanation}\n\n`);
    },
    row: (row) => rows.push(row),
    line(text) {
      flush();
      write(`${text}\n`);
    },
    end: flush,
  };
}

/** On the line of the scopes where there is room for it. */
function explained(scopes: string, why: string): string {
  if (why === '') return scopes;
  const fits = `${scopes} ← ${why}`.length <= SCOPES_WIDTH - 2;
  return `${scopes}${fits ? ' ' : '\n'}${styleText('dim', `← ${why}`)}`;
}
